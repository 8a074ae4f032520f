import { createHash, randomUUID } from 'node:crypto';

export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Milliseconds since the epoch, as are all times here. */
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number | undefined;
  /** Of the latest receive; an older one no longer deletes. */
  readonly receiptHandle: string | undefined;
  readonly visibleAt: number;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** `stale`: the message is gone, or was received again since; `visible`: nobody holds it any more. */
export type VisibilityChange = 'changed' | 'unknown-handle' | 'stale' | 'visible';

/** The messages of one standard queue. */
export interface StandardQueue {
  send(body: string, delaySeconds: number): QueuedMessage;
  /** Hides what it gives for the visibility timeout. */
  receive(max: number, visibilityTimeoutSeconds: number): readonly QueuedMessage[];
  /** Hides a message that was received for so long from now; 0 gives it back. */
  changeVisibility(receiptHandle: string, visibilityTimeoutSeconds: number): VisibilityChange;
  /** False for a handle that this queue never gave. */
  delete(receiptHandle: string): boolean;
  /** False, and nothing done, if the last purge was less than a minute ago. */
  purge(): boolean;
  counts(): QueueCounts;
  messages(): readonly QueuedMessage[];
}

/** Four days, the default. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const retentionSeconds = 345_600;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
const purgeEveryMs = 60_000;

/** A queue in memory, in the order of sending (which SQS does not promise). */
export function createStandardQueue(now: () => number): StandardQueue {
  const kept = new Map<string, QueuedMessage>();
  /** Every handle that was given, to the id of its message: deleting twice is no error. */
  const handles = new Map<string, string>();
  let purgedAt = Number.NEGATIVE_INFINITY;

  const live = () => {
    for (const { messageId, sentAt } of kept.values()) {
      if (now() - sentAt >= retentionSeconds * 1000) kept.delete(messageId);
    }
    return [...kept.values()];
  };

  return {
    send(body, delaySeconds) {
      const message: QueuedMessage = {
        messageId: randomUUID(),
        body,
        md5OfBody: createHash('md5').update(body).digest('hex'),
        sentAt: now(),
        receiveCount: 0,
        firstReceivedAt: undefined,
        receiptHandle: undefined,
        visibleAt: now() + delaySeconds * 1000,
      };
      kept.set(message.messageId, message);
      return message;
    },
    receive(max, visibilityTimeoutSeconds) {
      const due = live().filter(({ visibleAt }) => visibleAt <= now());
      return due.slice(0, max).map((message) => {
        const receiptHandle = Buffer.from(`${message.messageId} ${randomUUID()}`).toString('base64');
        const received: QueuedMessage = {
          ...message,
          receiveCount: message.receiveCount + 1,
          firstReceivedAt: message.firstReceivedAt ?? now(),
          receiptHandle,
          visibleAt: now() + visibilityTimeoutSeconds * 1000,
        };
        kept.set(message.messageId, received);
        handles.set(receiptHandle, message.messageId);
        return received;
      });
    },
    changeVisibility(receiptHandle, visibilityTimeoutSeconds) {
      const messageId = handles.get(receiptHandle);
      if (messageId === undefined) return 'unknown-handle';
      const message = live().find((candidate) => candidate.messageId === messageId);
      if (message?.receiptHandle !== receiptHandle) return 'stale';
      if (message.visibleAt <= now()) return 'visible';
      kept.set(messageId, { ...message, visibleAt: now() + visibilityTimeoutSeconds * 1000 });
      return 'changed';
    },
    delete(receiptHandle) {
      const messageId = handles.get(receiptHandle);
      if (messageId === undefined) return false;
      if (kept.get(messageId)?.receiptHandle === receiptHandle) kept.delete(messageId);
      return true;
    },
    purge() {
      if (now() - purgedAt < purgeEveryMs) return false;
      purgedAt = now();
      kept.clear();
      return true;
    },
    counts() {
      const all = live();
      const hidden = all.filter(({ visibleAt }) => visibleAt > now());
      const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
      return { visible: all.length - hidden.length, inFlight: hidden.length - delayed, delayed };
    },
    messages: live,
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FailureReader, FailureReaderOptions } from '../../src/aws/failure-reader.ts';
import { createFailureReader, regionOf } from '../../src/aws/failure-reader.ts';
import type { Clock } from '../../src/core/clock.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { refusal, useFailuresQueue } from '../support/failures-queue.ts';

const under = useFailuresQueue();
let open: FailureReader[] = [];

afterEach(() => {
  for (const reader of open) reader.close();
  open = [];
});

function reader(options: Partial<FailureReaderOptions> = {}): FailureReader {
  const created = createFailureReader({ queueUrl: under().url, clock: systemClock, ...options });
  open.push(created);
  return created;
}

const never = () => new AbortController().signal;
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
const actions = () => under().requests.map(({ action }) => action);

describe('reading the failures queue', () => {
  it('gives every message, oldest first, and leaves every one where it was', async () => {
    await under().put(...numbered(23));
    const { messages, stillHidden } = await reader().read({ limit: 100 }, never());
    expect(messages.map(({ body }) => Number(body)).toSorted((a, b) => a - b)).toEqual(numbered(23).map(Number));
    expect(messages.map(({ sentAt }) => sentAt)).toEqual(messages.map(({ sentAt }) => sentAt).toSorted());
    expect(messages.every(({ sentAt }) => sentAt > 0)).toBe(true);
    expect(stillHidden).toBe(0);
    expect(under().visible()).toBe(23);
    expect(under().server.messages('failures')).toHaveLength(23);
  });

  it('asks all servers of SQS, and hides what it reads no longer than it needs', async () => {
    await under().put('one');
    await reader().read({ limit: 100 }, never());
    const [receive] = under().requests;
    expect(receive).toMatchObject({
      action: 'ReceiveMessage',
      body: { MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: 40 },
    });
  });

  it('changes nothing in an empty queue', async () => {
    expect(await reader().read({ limit: 100 }, never())).toEqual({ messages: [], stillHidden: 0 });
    expect(actions()).toEqual(['ReceiveMessage']);
  });

  it('takes no more than it was asked for', async () => {
    await under().put(...numbered(23));
    const { messages } = await reader().read({ limit: 12 }, never());
    expect(messages).toHaveLength(12);
    expect(under().requests.map(({ body }) => body['MaxNumberOfMessages'])).toEqual([10, 2, undefined, undefined]);
    expect(under().visible()).toBe(23);
  });

  it('ends with what it looked for', async () => {
    await under().put(...numbered(23));
    const { messages } = await reader().read({ limit: 100, isEnough: ({ body }) => body === '11' }, never());
    expect(messages).toHaveLength(20);
    expect(under().visible()).toBe(23);
  });

  it('counts a message once that SQS gives twice, and still gives it back', async () => {
    await under().put('one', 'two');
    let again = 2;
    under().intercept(({ action, body, authorization }) => {
      if (action !== 'ReceiveMessage' || again === 0) return undefined;
      again -= 1;
      // As if another of SQS' servers did not know yet that they are hidden.
      return under().server.serve(
        new Request(under().running.url, {
          method: 'POST',
          headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', authorization },
          body: JSON.stringify({ ...body, VisibilityTimeout: 0 }),
        }),
        { requestNumber: 1 },
      );
    });
    const { messages, stillHidden } = await reader().read({ limit: 100 }, never());
    expect(messages.map(({ body }) => body).toSorted()).toEqual(['one', 'two']);
    expect(actions().filter((action) => action === 'ReceiveMessage')).toHaveLength(4);
    expect(stillHidden).toBe(0);
    expect(under().visible()).toBe(2);
  });

  it('gives back what it has when SQS fails on the way', async () => {
    await under().put(...numbered(12));
    let receives = 0;
    under().intercept(({ action }) => {
      if (action !== 'ReceiveMessage') return undefined;
      receives += 1;
      return receives === 2 ? refusal(500, 'InternalFailure') : undefined;
    });
    await expect(reader().read({ limit: 100 }, never())).rejects.toMatchObject({ code: 'aws-failed' });
    expect(under().visible()).toBe(12);
  });

  it('gives back what it has on Ctrl-C, and rejects with the reason', async () => {
    await under().put(...numbered(12));
    const pressed = new AbortController();
    let receives = 0;
    under().intercept(({ action }) => {
      if (action !== 'ReceiveMessage') return undefined;
      receives += 1;
      if (receives < 2) return undefined;
      pressed.abort(new Error('Ctrl-C'));
      return new Promise(() => {});
    });
    await expect(reader().read({ limit: 100 }, pressed.signal)).rejects.toThrow('Ctrl-C');
    expect(under().visible()).toBe(12);
  });

  it('asks for nothing when it is too late already', async () => {
    await expect(reader().read({ limit: 1 }, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(actions()).toEqual([]);
  });

  it('says how many it could not give back', async () => {
    await under().put(...numbered(12));
    let batches = 0;
    under().intercept(({ action, body }) => {
      if (action !== 'ChangeMessageVisibilityBatch') return undefined;
      batches += 1;
      if (batches === 1) return refusal(403, 'AccessDenied');
      const entries = Array.isArray(body['Entries']) ? body['Entries'] : [];
      const Failed = entries.slice(0, 1).map(({ Id }) => ({ Id, SenderFault: true, Code: 'InternalError' }));
      return Response.json({ Successful: [], Failed }, { headers: { 'content-type': 'application/x-amz-json-1.0' } });
    });
    const { messages, stillHidden } = await reader().read({ limit: 100 }, never());
    expect(messages).toHaveLength(12);
    // One batch of ten or of two was refused as a whole, and of the other one message.
    expect([11, 3]).toContain(stillHidden);
  });

  it('does not wait for ever to give messages back', async () => {
    await under().put('one');
    under().intercept(({ action }) => (action === 'ChangeMessageVisibilityBatch' ? new Promise(() => {}) : undefined));
    // Time for giving back is over before the queue can answer.
    const hasty: Clock = {
      now: systemClock.now,
      after(_, run) {
        const timer = setImmediate(run);
        return () => clearImmediate(timer);
      },
    };
    const { messages, stillHidden } = await reader({ clock: hasty }).read({ limit: 100 }, never());
    expect(messages).toHaveLength(1);
    expect(stillHidden).toBe(1);
  });
});

describe('counting and purging', () => {
  it('counts what waits and what is hidden', async () => {
    await under().put('one', 'two', 'three');
    expect(await reader().count(never())).toEqual({ visible: 3, hidden: 0 });
    under().intercept(({ action }) =>
      action === 'ChangeMessageVisibilityBatch' ? refusal(500, 'InternalFailure') : undefined,
    );
    await reader().read({ limit: 1 }, never());
    expect(await reader().count(never())).toEqual({ visible: 2, hidden: 1 });
  });

  it('purges, and says so when that was done less than a minute ago', async () => {
    await under().put('one');
    await reader().purge(never());
    expect(under().server.messages('failures')).toEqual([]);
    await expect(reader().purge(never())).rejects.toMatchObject({ code: 'purge-in-progress' });
  });

  it('ends on the signal, and not when the queue answers', async () => {
    under().server.setFault({ kind: 'hang' });
    const pressed = new AbortController();
    under().intercept(() => {
      pressed.abort(new Error('Ctrl-C'));
      return undefined;
    });
    await expect(reader().count(pressed.signal)).rejects.toThrow('Ctrl-C');
  });
});

describe('whom SQS sees', () => {
  const scopes = () => under().requests.map(({ authorization }) => /Credential=([^,]+)/.exec(authorization)?.[1]);

  it('the Region and credentials of the environment', async () => {
    await reader().count(never());
    expect(scopes()).toEqual([expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/us-east-1\/sqs\//)]);
  });

  it('the Region that is named', async () => {
    await reader({ region: 'eu-west-1' }).count(never());
    expect(scopes()).toEqual([expect.stringContaining('/eu-west-1/sqs/')]);
  });

  it('the profile that is named, without a word of the SDK on the console', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const folder = await mkdtemp(join(tmpdir(), 'okta-otp-'));
    try {
      const file = join(folder, 'config');
      await writeFile(file, '[profile night]\naws_access_key_id = AKIDNIGHT\naws_secret_access_key = example\n');
      vi.stubEnv('AWS_CONFIG_FILE', file);
      await reader({ profile: 'night' }).count(never());
      expect(scopes()).toEqual([expect.stringMatching(/^AKIDNIGHT\//)]);
      expect(warned).not.toHaveBeenCalled();
    } finally {
      warned.mockRestore();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('nobody, when there are no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    await expect(reader().count(never())).rejects.toMatchObject({ code: 'credentials-missing', exitCode: 4 });
    expect(under().requests).toEqual([]);
  });

  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/failures', 'eu-west-1'],
    ['https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/failures', 'us-gov-west-1'],
    ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/failures', 'cn-north-1'],
    ['https://vpce-0a-1b.sqs.ap-southeast-2.vpce.amazonaws.com/123456789012/failures', 'ap-southeast-2'],
    ['https://sqs.eusc-de-east-1.amazonaws.eu/123456789012/failures', 'eusc-de-east-1'],
    ['http://127.0.0.1:4566/000000000000/failures', undefined],
    ['no URL', undefined],
  ])('of %s the Region %s', (url, region) => {
    expect(regionOf(url)).toBe(region);
  });
});

import { isObject } from './decode.ts';

/** Okta waits this long for an inline hook. https://developer.okta.com/docs/concepts/inline-hooks/ */
export const oktaWaitsMs = 3000;

/** What Okta makes of an answer: whether it takes the code for sent, or sends it once more through its own provider. */
export interface HookVerdict {
  readonly codeTakenForSent: boolean;
  readonly reason: string;
}

const sendsItself = (reason: string): HookVerdict => ({ codeTakenForSent: false, reason });

/**
 * Judges an answer as Okta does: anything but a timely 200 with a good status means that Okta sends the code itself.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/InlineHook/
 */
export function judgeHookResponse(answer: {
  readonly status: number;
  readonly body: unknown;
  readonly tookMs: number;
}): HookVerdict {
  if (answer.tookMs >= oktaWaitsMs) return sendsItself(`no answer within ${oktaWaitsMs} ms`);
  if (answer.status !== 200) return sendsItself(`HTTP ${answer.status} instead of 200`);
  if (!isObject(answer.body)) return sendsItself('the answer is not a JSON object');
  if (answer.body['error'] !== undefined) return sendsItself('the answer is an error');
  const status = statusOf(answer.body);
  switch (status) {
    case undefined:
      return sendsItself('the answer has no status at commands[0].value[0].status');
    case 'SUCCESSFUL':
      return { codeTakenForSent: true, reason: 'Okta takes the code for sent' };
    case 'PENDING':
      return { codeTakenForSent: true, reason: 'Okta takes the code for accepted, not yet delivered' };
    case 'FAILED':
      return sendsItself('the answer has the status FAILED');
    default:
      return sendsItself('the status is none that Okta knows');
  }
}

function statusOf(body: Record<string, unknown>): string | undefined {
  const command = first(body['commands']);
  if (command?.['type'] !== 'com.okta.telephony.action') return undefined;
  const status = first(command['value'])?.['status'];
  return typeof status === 'string' ? status : undefined;
}

function first(list: unknown): Record<string, unknown> | undefined {
  const item: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(item) ? item : undefined;
}

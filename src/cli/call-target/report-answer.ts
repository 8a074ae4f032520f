import { isObject, parseJson } from '../../core/decode.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import { parseHookRequest } from '../../core/hook-request.ts';
import { judgeHookResponse } from '../../core/hook-verdict.ts';
import type { CallReport, TargetName } from '../call-report.ts';
import type { HookAnswer } from './explain-hop.ts';
import { explainAnswer } from './explain-hop.ts';

/** Puts together what is known of a call from its request and its answer, with nothing in it that is private. */
export function reportAnswer(
  target: TargetName,
  body: HookBody,
  answer: Omit<HookAnswer, 'verdict'> & { readonly ms: number; readonly token?: CallReport['token'] },
): CallReport {
  const { status, ms, tookMs, token } = answer;
  const reply = withoutSecretsOf(body, answer.reply);
  const verdict = judgeHookResponse({ status, body: reply, tookMs });
  const parsed = parseHookRequest(body);
  const request = parsed.ok ? parsed.value : undefined;
  return {
    target,
    eventId: request?.eventId ?? '',
    request: {
      channel: request?.channel ?? 'none',
      locale: request?.locale,
      requestType: request?.requestType,
    },
    ...(token === undefined ? {} : { token }),
    gateway: { status, ms },
    reply,
    verdict,
    failure: explainAnswer({ ...answer, reply, verdict }),
    tookMs,
  };
}

/** A server that is not ours could say the code or the number back. */
function withoutSecretsOf(body: HookBody, reply: unknown): unknown {
  if (reply === undefined) return undefined;
  const data = isObject(body['data']) ? body['data']['messageProfile'] : undefined;
  const secrets = isObject(data)
    ? [data['otpCode'], data['phoneNumber']].map((value) => String(value ?? '').replace(/^\+/, ''))
    : [];
  const text = secrets
    .filter((secret) => secret !== '')
    .reduce(
      // Within a longer word (a message id) it stands by chance.
      (shown, secret) =>
        shown.replace(new RegExp(`(?<![0-9A-Za-z])${secret.replace(/\W/g, '\\$&')}(?![0-9A-Za-z])`, 'g'), '…'),
      JSON.stringify(reply),
    );
  const cleaned = parseJson(text);
  return cleaned.ok ? cleaned.value : undefined;
}

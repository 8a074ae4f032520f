import type { ChosenTemplate } from './catalog.ts';
import type { CurrentCatalog } from './catalog-cache.ts';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { sooner, within } from './deadline.ts';
import type { AttemptRecord } from './delivery-record.ts';
import type { Answer, AnswerOverrides, Cause } from './failure-policy.ts';
import { answerFor, decidingCause } from './failure-policy.ts';
import type { HookRequest } from './hook-request.ts';
import { identityLabel } from './identity.ts';
import type { Rung } from './ladder.ts';
import { climb } from './ladder.ts';
import type { Messages, OutgoingMessage, SendOutcome } from './messages.ts';
import type { RenderedMessage } from './render.ts';
import { renderMessage } from './render.ts';
import type { SendLatency } from './send-latency.ts';

export interface SendDeps {
  readonly clock: Clock;
  readonly messages: Messages;
  readonly latency: SendLatency;
  readonly answers: AnswerOverrides;
}

export type SendResult =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly rung: Rung }
  | { readonly kind: 'refused'; readonly cause: Cause; readonly answer: Answer };

export const refusal = (cause: Cause, overrides: AnswerOverrides): SendResult => ({
  kind: 'refused',
  cause,
  answer: answerFor(cause, overrides),
});

/** What became of a code, and everything that was tried for it. */
export interface SentCode {
  readonly result: SendResult;
  readonly attempts: readonly AttemptRecord[];
  /** The template of the last rung that had one. */
  readonly template: ChosenTemplate | undefined;
}

/** Okta's codes live five minutes. https://help.okta.com/oie/en-us/content/topics/identity-engine/authenticators/configure-phone.htm */
const defaultLifetimeMs = 300_000;

/** The service's bounds for a time to live; its default would be three days. */
const ttlSeconds = { min: 5, max: 259_200 };

/** The lifetime that Okta's own preview is given, as its `otpExpires` is years old. */
const previewLifetimeMs = 60_000;

/** https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html */
const longestContextValue = 800;

/** Kept free after a send for writing down what became of it, and for telling Okta. */
const answerMs = 120;

/** Climbs the ladder until a message is accepted, a refusal is final or too little time is left. */
export async function sendCode(
  deps: SendDeps,
  request: HookRequest,
  current: CurrentCatalog,
  deadline: Deadline,
): Promise<SentCode> {
  const { clock, latency, answers } = deps;
  const attempts: AttemptRecord[] = [];
  const met: Cause[] = [];
  let template: ChosenTemplate | undefined;
  const refused = (): SentCode => ({
    result: refusal(decidingCause(met, answers), answers),
    attempts,
    template,
  });

  const lifetimeMs = lifetimeOf(request, clock.now());
  if (lifetimeMs <= 0) {
    met.push('expired-code');
    return refused();
  }

  const ladder = climb(request, current);
  let step = ladder.next('internal');
  while (!step.done) {
    if (step.value.kind === 'skip') {
      met.push(step.value.cause);
      step = ladder.next(step.value.cause);
      continue;
    }
    const { rung } = step.value;
    if (rung.text.kind === 'template') template = rung.text.chosen;
    // The point of no return: a send that cannot be reported in time would be sent by Okta once more.
    if (deadline.leftMs() < latency.neededMs()) {
      met.push('too-late');
      return refused();
    }
    const { outcome, ms } = await attempt(deps, outgoing(request, current, rung, lifetimeMs), deadline);
    attempts.push({
      channel: rung.channel,
      identity: identityLabel(rung.from),
      text: rung.text.kind,
      outcome: outcome.kind === 'accepted' ? 'accepted' : outcome.cause,
      resent: outcome.resent === true ? true : undefined,
      ms,
    });
    if (outcome.kind === 'accepted') {
      return { result: { kind: 'accepted', messageId: outcome.messageId, rung }, attempts, template };
    }
    met.push(outcome.cause);
    step = ladder.next(outcome.cause);
  }
  return refused();
}

/** Milliseconds for which the code is still good. */
function lifetimeOf(request: HookRequest, now: number): number {
  if (request.isPreview) return previewLifetimeMs;
  return request.expiresAt === undefined ? defaultLifetimeMs : request.expiresAt - now;
}

async function attempt(
  { clock, messages, latency }: SendDeps,
  message: OutgoingMessage,
  deadline: Deadline,
): Promise<{ readonly outcome: SendOutcome; readonly ms: number }> {
  const by = sooner(clock, deadline, deadline.leftMs() - answerMs);
  const timed = await within(clock, by, ({ signal }) => messages.send(message, signal));
  latency.observe(timed.ms);
  switch (timed.kind) {
    case 'done':
      return { outcome: timed.value, ms: timed.ms };
    case 'late':
      return { outcome: { kind: 'refused', cause: 'ambiguous' }, ms: timed.ms };
    case 'failed':
      return { outcome: { kind: 'refused', cause: 'internal' }, ms: timed.ms };
  }
}

function outgoing(request: HookRequest, current: CurrentCatalog, rung: Rung, lifetimeMs: number): OutgoingMessage {
  return {
    to: request.phone.e164,
    from: rung.from,
    message: messageOf(request, current, rung, lifetimeMs),
    ttlSeconds: Math.min(ttlSeconds.max, Math.max(ttlSeconds.min, Math.ceil(lifetimeMs / 1000))),
    maxPrice: rung.route.maxPrice,
    context: {
      eventId: request.eventId,
      catalogVersion: String(current.version),
      ...(request.requestId === undefined ? {} : { oktaRequestId: contextValue(request.requestId) }),
    },
    countryParameters: rung.channel === 'sms' ? rung.route.parameters : undefined,
    dryRun: request.isDryRun,
  };
}

/** The service refuses a message for a space at either end. */
const contextValue = (text: string) => text.trim().slice(0, longestContextValue).trimEnd();

function messageOf(request: HookRequest, current: CurrentCatalog, rung: Rung, lifetimeMs: number): RenderedMessage {
  if (rung.text.kind === 'okta') return { channel: 'sms', body: rung.text.body };
  return renderMessage(rung.text.chosen.template, {
    otp: request.otp,
    minutes: Math.max(1, Math.round(lifetimeMs / 60_000)),
    firstName: request.firstName,
    org: current.catalog.settings.org,
    autofillDomain: current.catalog.settings.autofillDomain,
  });
}

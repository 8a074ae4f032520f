import type { ChosenTemplate } from './catalog.ts';
import type { CurrentCatalog } from './catalog-cache.ts';
import type { Channel } from './channel.ts';
import { otherChannel } from './channel.ts';
import type { Cause, NextStep } from './failure-policy.ts';
import { nextStepAfter } from './failure-policy.ts';
import type { HookRequest } from './hook-request.ts';
import type { OriginationIdentity } from './identity.ts';
import { standingOf } from './number-list.ts';
import type { ChannelRoute } from './origination-identities.ts';
import { routeTo } from './origination-identities.ts';
import type { Secret } from './secret.ts';

/** What a message says: a template of the catalog, or (for SMS) the text that Okta had rendered itself. */
export type Text =
  | { readonly kind: 'template'; readonly chosen: ChosenTemplate }
  | { readonly kind: 'okta'; readonly body: Secret };

/** One way to send the code. */
export interface Rung {
  readonly channel: Channel;
  readonly from: OriginationIdentity;
  readonly route: ChannelRoute;
  readonly text: Text;
}

/** What the ladder gives next: a way to try, or why a channel has none. */
export type Step = { readonly kind: 'try'; readonly rung: Rung } | { readonly kind: 'skip'; readonly cause: Cause };

/**
 * Yields the ways to send a code, best first: the identities for the channel that Okta asked for, then those of the other
 * channel; for SMS with Okta's own text when ours is the problem.
 *
 * After each step the caller says what became of it: `next(cause)`. A cause that stops ends the ladder.
 */
export function* climb(request: HookRequest, current: CurrentCatalog): Generator<Step, void, Cause> {
  const { settings, numbers } = current.catalog;
  if (!settings.enabled) {
    yield { kind: 'skip', cause: 'kill-switch' };
    return;
  }
  if (standingOf(numbers, request.phone.e164) === 'denied') {
    yield { kind: 'skip', cause: 'number-denied' };
    return;
  }
  const onward = yield* climbChannel(request, current, request.channel);
  if (onward === 'channel' && settings.otherChannel) {
    yield* climbChannel(request, current, otherChannel(request.channel));
  }
}

function* climbChannel(
  request: HookRequest,
  { catalog, findTemplate }: CurrentCatalog,
  channel: Channel,
): Generator<Step, 'channel' | 'stop', Cause> {
  const route = routeTo(catalog.originationIdentities, request.phone.country, channel);
  if (route.kind !== 'identities') {
    const cause = `country-${route.kind}` as const;
    yield { kind: 'skip', cause };
    return nextStepAfter(cause) === 'stop' ? 'stop' : 'channel';
  }
  if (channel === 'sms' && request.phone.lineType === 'landline' && canBeCalled(request, catalog)) {
    yield { kind: 'skip', cause: 'landline' };
    return 'channel';
  }

  const chosen = findTemplate(channel, request.requestType, request.locale);
  const texts: Text[] = chosen === undefined ? [] : [{ kind: 'template', chosen }];
  if (channel === 'sms' && request.oktaText !== undefined) texts.push({ kind: 'okta', body: request.oktaText });
  if (chosen === undefined) yield { kind: 'skip', cause: 'no-template' };

  for (const text of texts) {
    let refusedText = false;
    for (const from of route.channel.identities) {
      const next: NextStep = nextStepAfter(yield { kind: 'try', rung: { channel, from, route: route.channel, text } });
      if (next === 'stop') return 'stop';
      if (next === 'channel') return 'channel';
      refusedText = next === 'text';
      if (refusedText) break;
    }
    // Okta's text is there for a template that is missing or refused, not for an identity that is.
    if (!refusedText) break;
  }
  return 'channel';
}

function canBeCalled(request: HookRequest, catalog: CurrentCatalog['catalog']): boolean {
  return (
    catalog.settings.otherChannel &&
    routeTo(catalog.originationIdentities, request.phone.country, 'voice').kind === 'identities'
  );
}

import type { Cause } from '../core/failure-policy.ts';

const identity =
  'look at the origination identity in End User Messaging (Region, status, channel, countries) and at originationIdentities.json';
const limit = 'raise the limit with AWS Support';
const passes = 'nothing, if it has stopped; if it goes on, see the AWS Health Dashboard';

/** What an operator does next about a cause. `docs/errors.md` says it at length. */
export const causeAdvice: Readonly<Record<Cause, string>> = {
  'kill-switch': 'publish the catalog with its setting "enabled" on, once that is wanted again',
  'no-catalog': 'publish a catalog; if there is one, see whether the sender may read the table',
  'number-denied':
    'nothing, if that is meant; else take the number out of numbers.json, or allow it there, and publish',
  'country-blocked': 'nothing, if the block is meant; else lift it in originationIdentities.json and publish',
  'country-off': 'nothing, if that is meant; else switch the channel on in originationIdentities.json and publish',
  'country-unlisted': 'add the country to originationIdentities.json with an identity for this channel, and publish',
  landline: 'nothing: the code has to be called; if it was not, add a voice identity for the country',
  'no-template': 'add a template for this channel in the default language, and publish',
  'expired-code': 'nothing, for one; for many compare the clocks, and how long Okta lets a code live',
  'too-late': 'see where the milliseconds went; a large "prepare" is a cold start or a slow table',
  'duplicate-in-flight': 'nothing: look for another record of the same event, which has the real cause',
  internal: 'look for the log line of this event; it is a bug, so report it with its attempts',
  'protect-country-blocked': 'nothing, if the block is meant; else allow the country in the protect configuration',
  'protect-number-blocked': 'nothing, if the block is meant; else remove the override in the protect configuration',
  'destination-country-blocked': 'the service decided this: ask AWS Support whether the country can be opened',
  'opted-out': 'the person texts START, or you remove the number from the opt-out list once they have asked for it',
  'sandbox-unverified': 'ask AWS to move the account out of the sandbox, or verify the number there',
  'daily-call-limit': 'nothing, for one number: it passes within a day; for many, look for somebody who pumps calls',
  'country-not-enabled': 'serve the country on the other channel, or take it out of originationIdentities.json',
  'no-identity-found': identity,
  'identity-not-found': identity,
  'identity-not-active': identity,
  'identity-not-for-country': identity,
  'identity-lacks-capability': identity,
  'identity-mismatch': identity,
  'sender-id-not-registered': 'register the sender ID for this country, or put another identity before it',
  'access-denied': "compare the function's role with the ARN of the identity that was tried",
  'message-refused': 'look at the template: its length, its SSML, its placeholders',
  'request-refused': identity,
  'price-over-threshold': 'raise "maxPrice" for this country in originationIdentities.json and publish, or leave it',
  'spend-limit': 'raise the monthly spend limit of this channel: https://console.aws.amazon.com/sms-voice',
  'account-disabled': 'ask AWS Support why the account may not send',
  'quota-exceeded': limit,
  throttled: `nothing, for a few; for many, spread them over more identities or ${limit}`,
  'service-error': passes,
  'unexpected-refusal': 'look for the log line of this event; if it comes again, report it',
  network: passes,
  ambiguous: 'nothing, for one: the code may have arrived twice; for many, see the AWS Health Dashboard',
};

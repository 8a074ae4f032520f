/** What Okta is told when a code was not sent: that it may send, that it shall take it for sent, or what to tell the user. */
export const answers = ['fallback', 'suppress', 'error'] as const;
export type Answer = (typeof answers)[number];

/** What is tried after a refusal, as far as the deadline allows. */
export type NextStep = 'identity' | 'channel' | 'text' | 'stop';

/**
 * Who wants it that this code does not go out; `nobody` is a failure. Alarms count failures alone: what somebody decided
 * would ring for as long as it is so, and nobody would look when something breaks beside it.
 */
export type Decider = 'nobody' | 'operator' | 'user' | 'okta' | 'aws';

interface Row {
  readonly next: NextStep;
  readonly answer: Answer;
  readonly wantedBy: Decider;
  /** The cause in words, for operators. */
  readonly words: string;
  /** What the end user reads when the answer is `error`. */
  readonly sentence?: string;
}

const row = (next: NextStep, answer: Answer, wantedBy: Decider, words: string, sentence?: string): Row => ({
  ...{ next, answer, wantedBy, words },
  ...(sentence === undefined ? {} : { sentence }),
});

/**
 * Every cause for which a code does not go out, with what is tried next, what Okta is told in the end and who wants it so.
 *
 * `fallback` is the default because to Okta any failure means "send it yourself", which gets the user in. `suppress` holds
 * where a message must not go out at all: Okta would otherwise undo the block. A limit that is reached (of money, price or
 * quota) is wanted by nobody, even if somebody set it: it is news.
 */
export const causes = {
  // Decided here, before the service is called.
  'kill-switch': row('stop', 'fallback', 'operator', 'deliveries are switched off in the catalog'),
  'no-catalog': row('stop', 'fallback', 'nobody', 'no catalog could be loaded, and the function carries none'),
  'number-denied': row('stop', 'suppress', 'operator', "the catalog's number list denies this number"),
  'country-blocked': row('stop', 'suppress', 'operator', 'the catalog blocks this country'),
  'country-off': row('channel', 'fallback', 'operator', 'the catalog switches this channel off for this country'),
  'country-unlisted': row(
    'channel',
    'fallback',
    'operator',
    'the catalog has no origination identity for this country and channel',
  ),
  landline: row('channel', 'fallback', 'user', 'the number is a landline, which cannot show an SMS'),
  'no-template': row(
    'text',
    'fallback',
    'nobody',
    'the catalog has no template for this channel, not even in the default language',
  ),
  'expired-code': row('stop', 'fallback', 'okta', 'the code had expired before it could be sent'),
  'too-late': row('stop', 'fallback', 'nobody', 'too little time was left to start a send and report it'),
  'duplicate-in-flight': row('stop', 'fallback', 'okta', 'the same event was still being delivered by another request'),
  internal: row('stop', 'fallback', 'nobody', 'the sender itself failed'),

  // Said by End User Messaging about the destination.
  'protect-country-blocked': row('stop', 'suppress', 'operator', 'the protect configuration blocks this country'),
  'protect-number-blocked': row('stop', 'suppress', 'operator', 'the protect configuration blocks this number'),
  'destination-country-blocked': row('stop', 'suppress', 'aws', 'the service blocks this country'),
  'opted-out': row(
    'channel',
    'error',
    'user',
    'the recipient has opted out (replied STOP)',
    'This phone number has opted out of our messages. Choose another way to verify, or ask your help desk.',
  ),
  'sandbox-unverified': row(
    'stop',
    'fallback',
    'nobody',
    'the account is in the sandbox and the number is not verified there',
  ),
  'daily-call-limit': row('channel', 'fallback', 'user', 'the daily limit of calls to this number is reached'),
  'country-not-enabled': row(
    'channel',
    'fallback',
    'nobody',
    'the service does not serve this country on this channel',
  ),

  // About the origination identity.
  'no-identity-found': row(
    'identity',
    'fallback',
    'nobody',
    'the service found no usable origination identity in the pool',
  ),
  'identity-not-found': row(
    'identity',
    'fallback',
    'nobody',
    'the origination identity, configuration set or pool does not exist',
  ),
  'identity-not-active': row('identity', 'fallback', 'nobody', 'the origination identity is not active'),
  'identity-not-for-country': row(
    'identity',
    'fallback',
    'nobody',
    'the origination identity cannot reach this country',
  ),
  'identity-lacks-capability': row('identity', 'fallback', 'nobody', 'the origination identity lacks this channel'),
  'identity-mismatch': row(
    'identity',
    'fallback',
    'nobody',
    'the origination identity is set up for another kind of message',
  ),
  'sender-id-not-registered': row('identity', 'fallback', 'nobody', 'the sender ID is not registered for this country'),
  'access-denied': row('identity', 'fallback', 'nobody', 'the function may not send from this origination identity'),

  // About the message.
  'message-refused': row('text', 'fallback', 'nobody', 'the service does not accept the text of the message'),
  'request-refused': row('identity', 'fallback', 'nobody', 'the service does not accept a parameter of the request'),
  'price-over-threshold': row('identity', 'fallback', 'nobody', 'the message would cost more than the maximum price'),

  // About the account and the service.
  'spend-limit': row('channel', 'fallback', 'nobody', 'the monthly spend limit of this channel is reached'),
  'account-disabled': row(
    'stop',
    'fallback',
    'nobody',
    'the account may not send (disabled, or its reputation is too low)',
  ),
  'quota-exceeded': row('stop', 'fallback', 'nobody', 'a quota of the account is exceeded'),
  throttled: row('identity', 'fallback', 'nobody', 'the service is throttling'),
  'service-error': row('identity', 'fallback', 'nobody', 'the service failed internally'),
  'unexpected-refusal': row(
    'stop',
    'fallback',
    'nobody',
    'the service refused for a reason that does not belong to a send',
  ),
  network: row('identity', 'fallback', 'nobody', 'the service could not be reached'),
  ambiguous: row(
    'stop',
    'fallback',
    'nobody',
    'the service did not answer in time: the message may or may not have gone out',
  ),
} as const satisfies Readonly<Record<string, Row>>;

export type Cause = keyof typeof causes;

/** Whether nobody wants it so: whatever Okta is told, an answer that an operator chose makes no choice of a failure. */
export const isFailure = (cause: Cause): boolean => causes[cause].wantedBy === 'nobody';

/** Answers that an operator wants instead of the table's. */
export type AnswerOverrides = Readonly<Partial<Record<Cause, Answer>>>;

export const causeNames = Object.keys(causes).filter((name): name is Cause => Object.hasOwn(causes, name));

export const nextStepAfter = (cause: Cause): NextStep => causes[cause].next;

export const answerFor = (cause: Cause, overrides: AnswerOverrides): Answer => overrides[cause] ?? causes[cause].answer;

/** The plain sentence an end user reads for an `error`; never anything of ours. */
export function sentenceFor(cause: Cause): string {
  const { sentence }: Row = causes[cause];
  return sentence ?? 'The verification code could not be sent to this phone. Choose another way to verify.';
}

/**
 * Which of several causes decides the answer: a refusal that must hold, then one the user should hear of, then the last
 * failure, then the last. A channel that is not offered for a country must not hide that the other one is broken.
 *
 * @param met - the causes in the order they were met; at least one
 */
export function decidingCause(met: readonly Cause[], overrides: AnswerOverrides): Cause {
  const found = (answer: Answer) => met.findLast((cause) => answerFor(cause, overrides) === answer);
  return found('suppress') ?? found('error') ?? met.findLast(isFailure) ?? met.at(-1) ?? 'internal';
}

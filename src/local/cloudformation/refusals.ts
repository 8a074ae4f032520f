/** How CloudFormation says no, with the code that stands on the wire and its HTTP status. */
const statuses = {
  AlreadyExistsException: 400,
  ChangeSetNotFound: 404,
  InsufficientCapabilitiesException: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidChangeSetStatus: 400,
  LimitExceededException: 400,
  MissingAuthenticationToken: 403,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  TokenAlreadyExistsException: 400,
  AccessDenied: 403,
  ExpiredToken: 403,
  ValidationError: 400,
} as const;
export type RefusalCode = keyof typeof statuses;

/** Thrown by the operations of the emulated service, and answered to the caller as it stands. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html */
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    this.status = statuses[code];
  }
}

export const validationError = (message: string) => new Refusal('ValidationError', message);

/** What this emulation cannot do is refused, never passed over. */
export const notEmulated = (what: string) => validationError(`${what} is not emulated.`);

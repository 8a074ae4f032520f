import type { AnswerOverrides } from '../core/failure-policy.ts';

/** One place where okta-otp runs: a stack in an account and Region. Several stand in `okta-otp.json`, each under its name. */
export interface Environment {
  /** As in `--env prod`. */
  readonly name: string;
  readonly region: string;
  /** Of the AWS configuration files. */
  readonly profile: string | undefined;
  /** The twelve digits of the account that is meant; a deployment into any other is refused. */
  readonly account: string | undefined;
  /** Changing it asks for its name instead of a yes. */
  readonly production: boolean;
  /** What the default names of stack and bucket begin with, and that of the account's logging role. */
  readonly namePrefix: string;
  readonly stackName: string;
  /** The catalog's folder, from the folder of `okta-otp.json`. */
  readonly catalog: string;
  /** Made if missing; by default one for the account and Region. */
  readonly artifactBucket: string | undefined;
  /** Folders in that bucket, without a slash at either end; none where it is this program's alone. */
  readonly artifactPrefix: string | undefined;
  readonly okta: OktaSettings;
  readonly api: ApiSettings;
  readonly functions: FunctionSettings;
  readonly messaging: MessagingSettings;
  readonly watching: WatchingSettings;
  readonly data: DataSettings;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the authorizer expects of a token. Until client and scope are known it refuses every request. */
export interface OktaSettings extends TokenSettings {
  /** Accepted beside the others while one replaces the other. */
  readonly next: TokenSettings | undefined;
}

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string | undefined;
  readonly clientIds: readonly string[];
  readonly scope: string | undefined;
}

export interface ApiSettings {
  readonly stage: string;
  /** With a slash in front, `/mfa` by default. */
  readonly path: string;
  /** CIDR blocks, IPv4 or IPv6; empty lets every address in. */
  readonly allowedAddresses: readonly string[];
  /** How many requests one address may make in five minutes, 10,000 or more. */
  readonly requestsPer5Minutes: number;
  readonly throttling: { readonly ratePerSecond: number; readonly burst: number };
  /** For how long API Gateway may reuse the authorizer's answer for a token: 60 to 300. */
  readonly authorizerTtlSeconds: number;
}

export interface FunctionSettings {
  readonly memoryMb: number;
  /** Environments kept ready for each function, at a price; 0 for none. */
  readonly provisionedConcurrency: number;
  /** The most that run at once, and what nobody else in the account can take; undefined for no reservation. */
  readonly reservedConcurrency: number | undefined;
  /** Invokes both functions every five minutes, so that one environment of each is seldom cold. */
  readonly warmPing: boolean;
  readonly logRetentionDays: number;
}

export interface MessagingSettings {
  /**
   * Where this environment may send. A stack sends in its own Region only, which has to be among them; further ones are for
   * stacks of the same environment that are deployed elsewhere. Undefined for the stack's own, whichever that is.
   */
  readonly regions: readonly string[] | undefined;
  /** Answers to Okta by cause, where they differ from the failure policy's own. */
  readonly answers: AnswerOverrides;
  /** When the answer is due, counted from the arrival at API Gateway. */
  readonly answerWithinMs: number | undefined;
  readonly sendFloorMs: number | undefined;
}

export interface WatchingSettings {
  /** Told of every alarm. */
  readonly email: string | undefined;
  /** Percent of deliveries above which an alarm goes off. */
  readonly failureRatePercent: number;
  readonly fallbackRatePercent: number;
  /** Percent of requests that the firewall blocks, above which an alarm goes off. */
  readonly blockedRatePercent: number;
  /** Percent of the monthly spend limit above which an alarm goes off. */
  readonly spendPercent: number;
  /** Masks what looks like a phone number in the logs, at a price per gigabyte. */
  readonly dataProtection: boolean;
}

export interface DataSettings {
  /** A KMS key of the customer's own for tables, queue and logs: about a dollar a month, and needed by few. */
  readonly customerManagedKey: boolean;
}

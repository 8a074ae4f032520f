import { parsePhone } from '../../core/phone.ts';
import type { Operate } from './answer.ts';
import { answered, pageOf, refused, stringOf, stringsOf } from './answer.ts';
import { conflict, notFound, validation } from './exceptions.ts';
import type { InventoryDeps } from './inventory.ts';

export interface SandboxSeed {
  readonly tier?: 'SANDBOX' | 'PRODUCTION';
  /** Numbers (E.164) that have been verified already. */
  readonly verified?: readonly string[];
}

export interface SandboxDeps extends InventoryDeps {
  /** Sends a verification code and gives the message's id, or says why it cannot. */
  readonly deliver: (message: VerificationMessage) => ReturnType<Operate>;
  /** Six digits. */
  readonly newCode: () => string;
}

export interface VerificationMessage {
  readonly to: string;
  readonly from: string | undefined;
  readonly channel: 'TEXT' | 'VOICE';
  readonly body: string;
}

/** How many numbers a sandbox account may verify. https://docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html */
export const mostVerified = 10;

/** A number can be deleted a day after it was added. https://docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html */
const keptForMs = 24 * 60 * 60 * 1_000;

type SandboxOperation =
  | 'CreateVerifiedDestinationNumber'
  | 'DescribeVerifiedDestinationNumbers'
  | 'SendDestinationNumberVerificationCode'
  | 'VerifyDestinationNumber'
  | 'DeleteVerifiedDestinationNumber';

export interface Sandbox {
  readonly operations: Readonly<Record<SandboxOperation, Operate>>;
  readonly tier: 'SANDBOX' | 'PRODUCTION';
  /** Every number that was added, verified or not. */
  count(): number;
  /** Undefined outside of the sandbox, where every number may be sent to. */
  verified(): ReadonlySet<string> | undefined;
}

interface Destination {
  readonly id: string;
  readonly number: string;
  readonly createdAt: number;
  status: 'PENDING' | 'VERIFIED';
  code: string | undefined;
}

/** The numbers that an account may send to while it is in the sandbox, and how one becomes one of them. */
export function createSandbox(
  { tier = 'PRODUCTION', verified = [] }: SandboxSeed,
  { arnPrefix, now, newId, newCode, deliver }: SandboxDeps,
): Sandbox {
  const held: Destination[] = verified.map((number) => ({
    id: `vdn-${newId()}`,
    number,
    createdAt: now(),
    status: 'VERIFIED',
    code: undefined,
  }));
  const arnOf = ({ id }: Destination) => `${arnPrefix}:verified-destination-number/${id}`;
  const described = (one: Destination) => ({
    VerifiedDestinationNumberArn: arnOf(one),
    VerifiedDestinationNumberId: one.id,
    DestinationPhoneNumber: one.number,
    Status: one.status,
    CreatedTimestamp: one.createdAt / 1_000,
  });
  const withNumber = (input: Parameters<Operate>[0], use: (one: Destination) => ReturnType<Operate>) => {
    const named = stringOf(input, 'VerifiedDestinationNumberId') ?? '';
    const one = held.find((known) => known.id === named || arnOf(known) === named);
    return one === undefined ? refused(notFound('verified-destination-number', named)) : use(one);
  };

  return {
    tier,
    count: () => held.length,
    verified: () =>
      tier === 'PRODUCTION'
        ? undefined
        : new Set(held.filter(({ status }) => status === 'VERIFIED').map(({ number }) => number)),
    operations: {
      CreateVerifiedDestinationNumber(input) {
        const parsed = parsePhone(stringOf(input, 'DestinationPhoneNumber') ?? '');
        if (!parsed.ok) return refused(validation('CANNOT_PARSE', 'the number cannot be parsed'));
        const number = parsed.value.e164.reveal();
        const known = held.find((one) => one.number === number);
        if (known !== undefined) {
          const resource = { type: 'verified-destination-number' as const, id: known.id };
          return refused(conflict('RESOURCE_ALREADY_EXISTS', 'the number has been added already', resource));
        }
        if (held.length >= mostVerified) {
          const reason = 'VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT';
          return refused({ name: 'ServiceQuotaExceededException', reason, message: 'there are as many as can be' });
        }
        const one: Destination = {
          id: `vdn-${newId()}`,
          number,
          createdAt: now(),
          status: 'PENDING',
          code: undefined,
        };
        held.push(one);
        return answered(described(one));
      },

      DescribeVerifiedDestinationNumbers(input) {
        const ids = stringsOf(input, 'VerifiedDestinationNumberIds');
        const numbers = stringsOf(input, 'DestinationPhoneNumbers');
        const found = held.filter(
          (one) =>
            (ids?.some((id) => one.id === id || arnOf(one) === id) ?? true) && (numbers?.includes(one.number) ?? true),
        );
        const asked = ids ?? numbers;
        if (asked !== undefined && found.length < asked.length) {
          return refused(notFound('verified-destination-number', asked[0] ?? ''));
        }
        return pageOf('VerifiedDestinationNumbers', found.map(described), input);
      },

      SendDestinationNumberVerificationCode: (input) =>
        withNumber(input, (one) => {
          if (one.status === 'VERIFIED') {
            return refused(conflict('VERIFICATION_ALREADY_COMPLETE', 'the number has been verified already'));
          }
          const code = newCode();
          const sent = deliver({
            to: one.number,
            from: stringOf(input, 'OriginationIdentity'),
            channel: input['VerificationChannel'] === 'VOICE' ? 'VOICE' : 'TEXT',
            body: `Your AWS verification code is ${code}`,
          });
          if (sent.kind === 'answered') one.code = code;
          return sent;
        }),

      VerifyDestinationNumber: (input) =>
        withNumber(input, (one) => {
          if (one.status === 'VERIFIED') {
            return refused(conflict('VERIFICATION_ALREADY_COMPLETE', 'the number has been verified already'));
          }
          if (one.code === undefined || one.code !== stringOf(input, 'VerificationCode')) {
            const problem = { field: 'VerificationCode', message: 'is not the one that was sent last' };
            return refused(validation('VERIFICATION_CODE_MISMATCH', 'the code does not match', [problem]));
          }
          one.status = 'VERIFIED';
          return answered(described(one));
        }),

      DeleteVerifiedDestinationNumber: (input) =>
        withNumber(input, (one) => {
          if (now() - one.createdAt < keptForMs) {
            return refused(conflict('RESOURCE_DELETION_NOT_ALLOWED', 'the number was added less than a day ago'));
          }
          held.splice(held.indexOf(one), 1);
          const { Status: _, ...output } = described(one);
          return answered(output);
        }),
    },
  };
}

import { parseSsml } from '../../core/ssml.ts';
import { voices } from '../../core/template.ts';
import type { Constraint } from './constraints.ts';
import { body, boolean, integer, map, oneOf, text, violationOf } from './constraints.ts';
import type { Exception, FieldProblem } from './exceptions.ts';
import { validation } from './exceptions.ts';
import { managementOperations } from './management-operations.ts';

/** The members of a request, as they came. */
export type Input = Readonly<Record<string, unknown>>;

export type Members = Readonly<Record<string, Constraint>>;

/** An operation of the model. */
export interface Operation {
  /** What the model requires, and the body: it is optional there, but nothing can be sent without one. */
  readonly required: readonly string[];
  readonly members: Members;
}

const identityOrArn = /^[A-Za-z0-9_:/+-]+$/;
const nameOrArn = text(1, 256, /^[A-Za-z0-9_:/-]+$/);
const price = text(2, 8, /^[0-9]{0,2}\.[0-9]{1,5}$/);

const ofBoth: Members = {
  DestinationPhoneNumber: text(1, 20, /^\+?[1-9][0-9]{1,18}$/),
  OriginationIdentity: text(1, 256, identityOrArn),
  ConfigurationSetName: nameOrArn,
  TimeToLive: integer(5, 259_200),
  Context: map(5, text(1, 100, /^\S+$/), text(1, 800, /^(?!\s)[\s\S]+(?<!\s)$/)),
  DryRun: boolean,
  ProtectConfigurationId: nameOrArn,
  MessageFeedbackEnabled: boolean,
};

/**
 * The operations and the members that each has, with what the service's model asks of them.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendVoiceMessage.html
 */
export const operations = {
  SendTextMessage: {
    required: ['DestinationPhoneNumber', 'MessageBody'],
    members: {
      ...ofBoth,
      MessageBody: body(1600),
      MessageType: oneOf(['TRANSACTIONAL', 'PROMOTIONAL']),
      Keyword: text(1, 30, /^[ \S]+$/),
      MaxPrice: price,
      DestinationCountryParameters: map(10, oneOf(['IN_TEMPLATE_ID', 'IN_ENTITY_ID']), text(1, 64, /^\S+$/)),
    },
  },
  SendVoiceMessage: {
    required: ['DestinationPhoneNumber', 'OriginationIdentity', 'MessageBody'],
    members: {
      ...ofBoth,
      MessageBody: body(6000),
      MessageBodyTextType: oneOf(['TEXT', 'SSML']),
      VoiceId: oneOf(Object.keys(voices)),
      MaxPricePerMinute: price,
    },
  },
  ...managementOperations,
} as const satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof operations;

/** A call's plain text may be half as long as its SSML with all the tags. */
const plainTextBody = body(3000);

interface FieldViolation extends FieldProblem {
  readonly reason: Parameters<typeof validation>[0];
}

/** Checks the members of a request; every field that is wrong is named, and the first gives the reason. */
export function refusalOfInput(name: OperationName, input: Input): Exception | undefined {
  const operation: Operation = operations[name];
  const found: FieldViolation[] = [];
  const add = (field: string, reason: FieldViolation['reason'], message: string) =>
    found.push({ field, reason, message });

  for (const field of operation.required) {
    if (input[field] === undefined) add(field, 'MISSING_PARAMETER', 'must not be null');
  }
  for (const [field, value] of Object.entries(input)) {
    const constraint = Object.hasOwn(operation.members, field) ? operation.members[field] : undefined;
    if (constraint === undefined) add(field, 'INVALID_PARAMETER', `is not a member of ${name}`);
    else {
      const wrong = violationOf(constraint, value);
      if (wrong) add(field, wrong.reason, wrong.message);
    }
  }
  if (found.length === 0 && name === 'SendVoiceMessage') found.push(...scriptViolations(input));

  const [first] = found;
  if (first === undefined) return undefined;
  return validation(
    first.reason,
    messageOf(found, input),
    found.map(({ field, message }) => ({ field, message })),
  );
}

function scriptViolations({ MessageBody: value, MessageBodyTextType: type }: Input): readonly FieldViolation[] {
  if (typeof value !== 'string') return [];
  if (type !== 'SSML') {
    const wrong = violationOf(plainTextBody, value);
    return wrong ? [{ field: 'MessageBody', ...wrong }] : [];
  }
  const ssml = parseSsml(value);
  if (ssml.ok) return [];
  return ssml.problems.map(({ message }) => ({ field: 'MessageBody', reason: 'INVALID_PARAMETER', message }));
}

/**
 * AWS services quote the offending value in such a message, and so does this one: a sender that logs it, and with it a
 * code or a number, shall be found out here.
 */
function messageOf(found: readonly FieldViolation[], input: Input): string {
  const each = found.map(
    ({ field, message }) =>
      `Value '${String(input[field] ?? null)}' at '${field}' failed to satisfy constraint: ${message}`,
  );
  return `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${each.join('; ')}`;
}

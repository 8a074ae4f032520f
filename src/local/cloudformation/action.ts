import type { Decoder } from '../../core/decode.ts';
import { decode, object, optional } from '../../core/decode.ts';
import { listOf, text } from '../query-protocol.ts';
import type { XmlObject } from '../xml.ts';
import type { CloudFormationAccount } from './account.ts';
import type { ParameterValues } from './parameters.ts';
import { settleParameters } from './parameters.ts';
import { Refusal, validationError } from './refusals.ts';
import { capabilityOf, isKnownType } from './resource-types.ts';
import type { Desired, OperationType, Stack, Step } from './stack.ts';
import type { Template } from './template.ts';
import { parseTemplate } from './template.ts';

export interface ActionContext {
  readonly account: CloudFormationAccount;
  /** The object behind a URL of S3, or `undefined` if there is none. */
  readonly readObject: (url: string) => Promise<string | undefined>;
  readonly pageSize: number;
  /** Starts what goes on by itself from then on; the stack is in progress when this has ended. */
  readonly begin: (
    stack: Stack,
    operation: { readonly type: OperationType; readonly token: string | undefined },
    run: () => AsyncGenerator<Step, unknown>,
  ) => Promise<void>;
}

/** One of CloudFormation's operations; `undefined` is an answer without a result. */
export interface Action {
  readonly isMutating: boolean;
  readonly act: (input: unknown, context: ActionContext) => XmlObject | undefined | Promise<XmlObject | undefined>;
}

/** Decodes the members of an input, or refuses as AWS does. */
export function action<T>(
  isMutating: boolean,
  members: Decoder<T>,
  act: (input: T, context: ActionContext) => XmlObject | undefined | Promise<XmlObject | undefined>,
): Action {
  return {
    isMutating,
    act: (input, context) => {
      const decoded = decode(members, input);
      if (decoded.ok) return act(decoded.value, context);
      const paths = decoded.problems.map(({ path, message }) => {
        const member = `${path.charAt(0).toLowerCase()}${path.slice(1)}`;
        const constraint = message === 'is missing' ? 'Member must not be null' : `Member ${message}`;
        return `Value at '${member}' failed to satisfy constraint: ${constraint}`;
      });
      const count = paths.length === 1 ? '1 validation error' : `${paths.length} validation errors`;
      throw validationError(`${count} detected: ${paths.join('; ')}`);
    },
  };
}

export const settings = {
  TemplateBody: optional(text),
  TemplateURL: optional(text),
  UsePreviousTemplate: optional(text),
  Parameters: listOf(
    object({
      ParameterKey: text,
      ParameterValue: optional(text),
      UsePreviousValue: (value: unknown) => value === 'true',
    }),
  ),
  Capabilities: listOf(text),
  RoleARN: optional(text),
  // Left out they stay; an empty list removes them all.
  Tags: optional(listOf(object({ Key: text, Value: text }))),
} as const;

interface Settings {
  readonly TemplateBody: string | undefined;
  readonly TemplateURL: string | undefined;
  readonly UsePreviousTemplate: string | undefined;
  readonly Parameters: Parameters<typeof settleParameters>[1];
  readonly Capabilities: readonly string[];
  readonly RoleARN: string | undefined;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[] | undefined;
}

/**
 * The template and the settings that a request asks for; what it does not say stays as it was.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 */
export async function toDesired(
  input: Settings,
  previous: Desired | undefined,
  { readObject }: Pick<ActionContext, 'readObject'>,
): Promise<Desired> {
  const body = await bodyOf(input, previous, readObject);
  const template = parseTemplate(body);
  checkTemplate(template);
  const parameters = settleParameters(template, input.Parameters, previous?.parameters);
  checkCapabilities(template, input.Capabilities);
  return {
    template,
    body,
    parameters,
    tags:
      input.Tags === undefined
        ? (previous?.tags ?? {})
        : Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value])),
    capabilities: input.Capabilities,
    roleArn: input.RoleARN ?? previous?.roleArn,
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maximumBodyBytes = 51_200;
const maximumObjectBytes = 1_048_576;

export async function bodyOf(
  input: Pick<Settings, 'TemplateBody' | 'TemplateURL'> & { readonly UsePreviousTemplate?: string | undefined },
  previous: Desired | undefined,
  readObject: ActionContext['readObject'],
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previously } = input;
  const given = [body, url, previously === 'true' ? '' : undefined].filter((one) => one !== undefined).length;
  if (given !== 1) {
    throw validationError('Either Template URL or Template Body must be specified, and only one of them.');
  }
  if (body !== undefined) {
    if (Buffer.byteLength(body) <= maximumBodyBytes) return body;
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maximumBodyBytes}`,
    );
  }
  if (url === undefined) {
    if (previous === undefined) throw validationError('There is no previous template to use.');
    return previous.body;
  }
  if (!URL.canParse(url)) throw validationError('TemplateURL must be a supported URL.');
  const object = await readObject(url);
  if (object === undefined) throw validationError('S3 error: The specified key does not exist.');
  if (Buffer.byteLength(object) > maximumObjectBytes) {
    throw validationError(`Template may not exceed ${maximumObjectBytes} bytes in size.`);
  }
  return object;
}

function checkTemplate(template: Template): void {
  const types = [...new Set(Object.values(template.resources).map(({ type }) => type))];
  const unknown = types.filter((type) => !isKnownType(type));
  if (unknown.length === 0) return;
  throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
}

/** The capabilities that the resources of a template ask for, whether their conditions hold or not. */
export function neededCapabilities(template: Template): readonly string[] {
  const needed = Object.values(template.resources).map(({ type, properties }) => capabilityOf(type, properties));
  if (needed.includes('CAPABILITY_NAMED_IAM')) return ['CAPABILITY_NAMED_IAM'];
  return needed.includes('CAPABILITY_IAM') ? ['CAPABILITY_IAM'] : [];
}

function checkCapabilities(template: Template, given: readonly string[]): void {
  const [needed] = neededCapabilities(template);
  if (needed === undefined || given.includes(needed) || given.includes('CAPABILITY_NAMED_IAM')) return;
  throw new Refusal('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

/** Letters, digits and hyphens, a letter first. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
export function checkName(member: 'stackName' | 'changeSetName', name: string): void {
  if (/^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:[-a-zA-Z0-9:/._+]*)$/.test(name)) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
  );
}

/** One page of a list, and the token of the next. */
export function page<T>(items: readonly T[], token: string | undefined, size: number) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || from > items.length) throw validationError('NextToken is not valid.');
  const next = from + size;
  return { items: items.slice(from, next), next: next < items.length ? String(next) : undefined };
}

export const sameParameters = (a: ParameterValues, b: ParameterValues): boolean =>
  JSON.stringify(Object.entries(a).toSorted()) === JSON.stringify(Object.entries(b).toSorted());

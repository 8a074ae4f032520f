import type { Node, Pair } from 'yaml';
import { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { isObject } from '../../core/decode.ts';
import { notEmulated, validationError } from './refusals.ts';

export interface ParameterDefinition {
  readonly type: string;
  readonly default: string | undefined;
  readonly noEcho: boolean;
  readonly description: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraintDescription: string | undefined;
  readonly limits: Readonly<Partial<Record<'MinLength' | 'MaxLength' | 'MinValue' | 'MaxValue', number>>>;
}

/** Snapshots exist only for types that this product has none of. */
const policies = ['Delete', 'Retain', 'RetainExceptOnCreate'] as const;
export type Policy = (typeof policies)[number];

export interface ResourceDefinition {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: Policy;
  readonly updateReplacePolicy: Policy;
  readonly metadata: unknown;
  readonly updatePolicy: unknown;
}

export interface OutputDefinition {
  readonly value: unknown;
  readonly description: string | undefined;
  readonly condition: string | undefined;
}

export interface Template {
  readonly description: string | undefined;
  readonly metadata: unknown;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
}

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
];

/**
 * Reads a template, YAML with short tags or JSON (which is YAML too). Throws a refusal that says what is wrong.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(body: string): Template {
  const document = parseDocument(body);
  const [error] = document.errors;
  if (error !== undefined) throw validationError(`Template format error: YAML not well-formed. (${error.code})`);
  const root = toValue(document.contents);
  if (!isObject(root)) throw validationError('Template format error: unsupported structure.');
  if (root['Transform'] !== undefined) throw notEmulated('A template with a transform');
  const unknown = Object.keys(root).filter((name) => !sections.includes(name));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  const resources = mapSection(root, 'Resources', toResource);
  if (Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  return {
    description: textOf(root['Description']),
    metadata: root['Metadata'],
    parameters: mapSection(root, 'Parameters', toParameter),
    mappings: mapSection(root, 'Mappings', (value) => value),
    conditions: mapSection(root, 'Conditions', (value) => value),
    resources,
    outputs: mapSection(root, 'Outputs', toOutput),
  };
}

/** `!Sub x` and `Fn::Sub: x` are the same. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
function toValue(node: Node | null | undefined): unknown {
  if (node === null || node === undefined) return undefined;
  if (isAlias(node))
    throw validationError('Template format error: YAML aliases are not allowed in CloudFormation templates');
  const value = plainValue(node);
  const tag = isScalar(node) || isCollection(node) ? node.tag : undefined;
  if (tag === undefined || !tag.startsWith('!') || tag.startsWith('!!')) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name !== 'GetAtt' || typeof value !== 'string') return { [`Fn::${name}`]: value };
  const dot = value.indexOf('.');
  return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
}

function plainValue(node: Node): unknown {
  if (isScalar(node)) return node.value ?? undefined;
  if (isSeq<Node>(node)) return node.items.map(toValue);
  if (!isMap<Node, Node | null>(node)) return undefined;
  return Object.fromEntries(
    node.items.map((pair: Pair<Node, Node | null>) => [String(toValue(pair.key)), toValue(pair.value)]),
  );
}

function mapSection<T>(root: Readonly<Record<string, unknown>>, name: string, to: (value: unknown, id: string) => T) {
  const section = root[name] ?? {};
  if (!isObject(section)) throw validationError(`Template format error: ${name} section must be a map.`);
  return Object.fromEntries(Object.entries(section).map(([id, value]): [string, T] => [id, to(value, id)]));
}

function toResource(value: unknown, id: string): ResourceDefinition {
  const type = isObject(value) ? value['Type'] : undefined;
  if (!isObject(value) || typeof type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
    );
  }
  if (!/^[A-Za-z0-9]{1,255}$/.test(id)) {
    throw validationError(`Template format error: Resource name ${id} is non alphanumeric.`);
  }
  const { Properties: properties = {}, DependsOn: dependsOn = [] } = value;
  if (!isObject(properties)) throw validationError(`[/Resources/${id}/Properties] must be a map`);
  return {
    type,
    properties,
    condition: textOf(value['Condition']),
    dependsOn: (Array.isArray(dependsOn) ? dependsOn : [dependsOn]).map(String),
    deletionPolicy: toPolicy(value['DeletionPolicy'], id, 'DeletionPolicy'),
    updateReplacePolicy: toPolicy(value['UpdateReplacePolicy'], id, 'UpdateReplacePolicy'),
    metadata: value['Metadata'],
    updatePolicy: value['UpdatePolicy'],
  };
}

function toPolicy(value: unknown, id: string, attribute: string): Policy {
  if (value === undefined) return 'Delete';
  const policy = policies.find((candidate) => candidate === value);
  if (policy === undefined) {
    throw validationError(`Template format error: Unrecognized ${attribute} for resource ${id}`);
  }
  return policy;
}

function toParameter(value: unknown, id: string): ParameterDefinition {
  const type = isObject(value) ? value['Type'] : undefined;
  if (!isObject(value) || typeof type !== 'string') {
    throw validationError(`Template format error: Every Parameters object must contain a Type member. (${id})`);
  }
  if (type.startsWith('AWS::SSM::')) throw notEmulated('A parameter of the Systems Manager');
  const { AllowedValues: allowed } = value;
  const limits = (['MinLength', 'MaxLength', 'MinValue', 'MaxValue'] as const).flatMap((name) =>
    value[name] === undefined ? [] : [[name, Number(value[name])] as const],
  );
  return {
    type,
    default: textOf(value['Default']),
    noEcho: String(value['NoEcho']) === 'true',
    description: textOf(value['Description']),
    allowedValues: Array.isArray(allowed) ? allowed.map(String) : undefined,
    allowedPattern: textOf(value['AllowedPattern']),
    constraintDescription: textOf(value['ConstraintDescription']),
    limits: Object.fromEntries(limits),
  };
}

function toOutput(value: unknown, id: string): OutputDefinition {
  if (!isObject(value) || value['Value'] === undefined) {
    throw validationError(`Template format error: Output ${id} is malformed.`);
  }
  if (value['Export'] !== undefined) throw notEmulated('An exported output');
  return {
    value: value['Value'],
    description: textOf(value['Description']),
    condition: textOf(value['Condition']),
  };
}

/** Numbers and booleans of a template are strings to CloudFormation. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

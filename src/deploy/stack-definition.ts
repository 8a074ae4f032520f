import type { Document, Node } from 'yaml';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { isObject } from '../core/decode.ts';

/** A template's values with every intrinsic function in its long form: `{ "Ref": "Api" }`, `{ "Fn::Sub": "…" }`. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

export interface StackDefinition {
  /** The template as it was written, comments and short forms included. */
  readonly document: Document;
  readonly parameters: Readonly<Record<string, Plain>>;
  readonly conditions: Readonly<Record<string, Plain>>;
  readonly resources: Readonly<Record<string, StackResource>>;
  readonly outputs: Readonly<Record<string, Plain>>;
}

export interface StackResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Plain>>;
  /** The whole of it, with policies, condition and dependencies. */
  readonly definition: Readonly<Record<string, Plain>>;
}

/** Reads a template out of YAML; throws on what is not one, since the only one is ours. */
export function parseStackTemplate(text: string): StackDefinition {
  // Unknown tags are kept as they stand, and would be warned of: they are CloudFormation's short forms.
  const document = parseDocument(text, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const section = (name: string) => toRecord(toPlain(document.get(name, true)));
  return {
    document,
    parameters: section('Parameters'),
    conditions: section('Conditions'),
    resources: Object.fromEntries(
      Object.entries(section('Resources')).map(([id, written]) => {
        const definition = toRecord(written);
        return [id, { Type: String(definition['Type']), Properties: toRecord(definition['Properties']), definition }];
      }),
    ),
    outputs: section('Outputs'),
  };
}

/** An object, or an empty one where a template has nothing. */
export const toRecord = (plain: Plain | undefined): Readonly<Record<string, Plain>> =>
  isPlainObject(plain) ? plain : {};

export const isPlainObject = (plain: Plain | undefined): plain is Readonly<Record<string, Plain>> => isObject(plain);

function toPlain(node: unknown): Plain {
  const value = untagged(node);
  const tag = isNode(node) ? node.tag : undefined;
  // YAML's own tags begin with `tag:`, such as `tag:yaml.org,2002:map`.
  if (tag === undefined || !tag.startsWith('!')) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
  return { [`Fn::${name}`]: name === 'GetAtt' ? [...String(value).split('.')] : value };
}

function untagged(node: unknown): Plain {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [String(key), toPlain(value)]));
  if (isSeq(node)) return node.items.map(toPlain);
  // What a scalar may be otherwise (a date, a binary) does not exist in the schema that is used.
  return isScalar(node) ? (node.value as Plain) : null;
}

const isNode = (node: unknown): node is Node => isMap(node) || isSeq(node) || isScalar(node);

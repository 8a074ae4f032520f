import type { ScalarTag } from 'yaml';
import { isMap, parseDocument } from 'yaml';
import { isObject } from '../core/decode.ts';

/** A template as plain data; the short forms of functions are spelled out (`!Ref x` as `{ Ref: 'x' }`). */
export type Template = Readonly<Record<string, unknown>>;

/**
 * Parses a CloudFormation template, YAML or JSON; of what is none it gives an empty one, since it is only compared with
 * another, and CloudFormation itself says what is wrong.
 */
export function parseTemplate(text: string): Template {
  const document = parseDocument(text, { customTags: tags, logLevel: 'silent' });
  if (document.errors.length > 0 || !isMap(document.contents)) return {};
  return document.toJS();
}

/** The resources of a template by their logical ids. */
export function resourcesOf(
  template: Template,
): ReadonlyMap<string, { readonly type: string; readonly properties: unknown }> {
  const resources = isObject(template['Resources']) ? template['Resources'] : {};
  return new Map(
    Object.entries(resources).flatMap(([id, resource]) =>
      isObject(resource) ? [[id, { type: String(resource['Type']), properties: resource['Properties'] }]] : [],
    ),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const functions = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

const nameOf = (tag: string) => (tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`);

const tags = [...functions, 'Ref', 'Condition'].flatMap((tag) => {
  const spelled = (value: unknown) => ({ [nameOf(tag)]: value });
  const scalar: ScalarTag = {
    tag: `!${tag}`,
    resolve: (text) => spelled(tag === 'GetAtt' ? text.split(/\.(.*)/s, 2) : text),
  };
  return [
    scalar,
    ...(['seq', 'map'] as const).map((collection) => ({
      tag: `!${tag}`,
      collection,
      resolve: (node: { toJSON(): unknown }) => spelled(node.toJSON()),
    })),
  ];
});

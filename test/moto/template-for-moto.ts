import { isObject } from '../../src/core/decode.ts';
import { parseStackTemplate } from '../../src/deploy/stack-definition.ts';
import type { Scope } from '../../src/local/cloudformation/intrinsics.ts';
import { isMet } from '../../src/local/cloudformation/intrinsics.ts';
import { parseTemplate } from '../../src/local/cloudformation/template.ts';

export interface TemplateForMotoOptions {
  readonly parameters: Readonly<Record<string, string>>;
  /** What stands for `Ref` and `Fn::GetAtt` of resources that moto cannot make: `ConfigurationSet.Arn`. */
  readonly standIns: StandIns;
  /** The same in the outputs, where they go first. */
  readonly outputStandIns: StandIns;
}

/** What takes the place of a reference, by what it refers to: a text or another reference. */
export type StandIns = Readonly<Record<string, string | { readonly Ref: string } | { readonly 'Fn::Sub': string }>>;

/**
 * The template as moto can read it, which fails on it as it is: it keeps `AWS::NoValue` within a list as a null, makes the
 * `Ref` of what it does not know a missing property, shows a list parameter as Python does, and takes
 * `RetainExceptOnCreate` for `Delete`. So conditions and lists are settled here, and references go to what there is.
 */
export function templateForMoto(
  text: string,
  { parameters: given, standIns, outputStandIns }: TemplateForMotoOptions,
): string {
  const template = parseTemplate(text);
  const definition = parseStackTemplate(text);
  const parameters = Object.fromEntries(
    Object.entries(template.parameters).map(([name, parameter]) => {
      const value = given[name] ?? parameter.default ?? '';
      return [name, parameter.type === 'CommaDelimitedList' ? value.split(',') : value];
    }),
  );
  const scope: Scope = { template, parameters, refOf: () => undefined, attributeOf: () => undefined };
  const settle = (value: unknown): unknown => settled(value, { scope, standIns });
  const isList = (name: string) => template.parameters[name]?.type === 'CommaDelimitedList';
  const resources = Object.entries(definition.resources)
    .filter(([id]) => {
      const condition = template.resources[id]?.condition;
      return condition === undefined || isMet(condition, scope);
    })
    .map(([id, { Type, Properties, definition: written }]) => [
      id,
      {
        Type,
        Properties: settle(Properties),
        ...(written['DependsOn'] === undefined ? {} : { DependsOn: written['DependsOn'] }),
        // Of a stack that has come up the two mean the same.
        ...(template.resources[id]?.deletionPolicy === 'Delete' ? {} : { DeletionPolicy: 'Retain' }),
      },
    ]);
  return JSON.stringify({
    Parameters: Object.fromEntries(
      Object.entries(definition.parameters).map(([name, of]) => [
        name,
        isList(name) && isObject(of) ? { ...of, Type: 'String' } : of,
      ]),
    ),
    Resources: Object.fromEntries(resources),
    Outputs: settled(definition.outputs, { scope, standIns: { ...standIns, ...outputStandIns } }),
  });
}

interface Settling {
  readonly scope: Scope;
  readonly standIns: StandIns;
}

const isNoValue = (value: unknown) => isObject(value) && value['Ref'] === 'AWS::NoValue';

function settled(value: unknown, settling: Settling): unknown {
  const { scope, standIns } = settling;
  if (Array.isArray(value)) return value.map((item) => settled(item, settling)).filter((item) => !isNoValue(item));
  if (!isObject(value)) return value;
  const choice = value['Fn::If'];
  if (Array.isArray(choice)) return settled(isMet(String(choice[0]), scope) ? choice[1] : choice[2], settling);
  const attribute = value['Fn::GetAtt'];
  const name = Array.isArray(attribute) ? attribute.join('.') : value['Ref'];
  if (typeof name === 'string') {
    const list = scope.parameters[name];
    return standIns[name] ?? (Array.isArray(list) ? list : value);
  }
  const substituted = value['Fn::Sub'];
  if (typeof substituted === 'string') {
    return {
      'Fn::Sub': substituted.replace(/\$\{([^!}]+)\}/g, (whole, inner: string) => asText(standIns[inner]) ?? whole),
    };
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, settled(item, settling)] as const)
      .filter(([, item]) => !isNoValue(item)),
  );
}

function asText(standIn: StandIns[string] | undefined): string | undefined {
  if (standIn === undefined || typeof standIn === 'string') return standIn;
  return 'Ref' in standIn ? `\${${standIn.Ref}}` : standIn['Fn::Sub'];
}

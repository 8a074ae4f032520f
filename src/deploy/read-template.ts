import { decided, isConditionMet } from './conditions.ts';
import type { StackDefinition, StackResource } from './stack-definition.ts';
import { parseStackTemplate, toRecord } from './stack-definition.ts';

type Read = Omit<StackDefinition, 'document'>;

/** Of a template that is none everything differs, and CloudFormation itself says what is wrong with it. */
const empty: Read = {
  parameters: {},
  conditions: {},
  resources: {},
  outputs: {},
};

/** Reads a template that was deployed at some time, YAML or JSON. */
export function readTemplate(text: string): Read {
  try {
    return parseStackTemplate(text);
  } catch {
    return empty;
  }
}

/** The resources of a template that there are with these parameters, by their logical ids, as the conditions make them. */
export function resourcesIn(
  text: string,
  parameters: Readonly<Record<string, string>>,
): ReadonlyMap<string, StackResource> {
  const { conditions, parameters: declared, resources } = readTemplate(text);
  const scope = { conditions, values: { ...defaultsOf(declared), ...parameters } };
  const isThere = ({ definition }: StackResource) => {
    const { Condition: name } = definition;
    return name === undefined || isConditionMet(String(name), scope);
  };
  return new Map(
    Object.entries(resources)
      .filter(([, resource]) => isThere(resource))
      .map(([id, { Type, definition: written }]) => {
        const definition = toRecord(decided(written, scope));
        return [id, { Type, Properties: toRecord(definition['Properties']), definition }];
      }),
  );
}

/** The values that parameters of a template have where none is given. */
export const defaultsIn = (text: string) => defaultsOf(readTemplate(text).parameters);

const defaultsOf = (parameters: StackDefinition['parameters']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]) => {
      const value = toRecord(parameter)['Default'];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );

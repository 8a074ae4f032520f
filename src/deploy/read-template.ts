import type { StackDefinition, StackResource } from './stack-definition.ts';
import { parseStackTemplate } from './stack-definition.ts';

/** Of a template that is none everything differs, and CloudFormation itself says what is wrong with it. */
const empty: Pick<StackDefinition, 'parameters' | 'resources'> = { parameters: {}, resources: {} };

/** Reads a template that was deployed at some time, YAML or JSON. */
export function readTemplate(text: string): Pick<StackDefinition, 'parameters' | 'resources'> {
  try {
    return parseStackTemplate(text);
  } catch {
    return empty;
  }
}

/** The resources of a template by their logical ids. */
export const resourcesIn = (text: string): ReadonlyMap<string, StackResource> =>
  new Map(Object.entries(readTemplate(text).resources));

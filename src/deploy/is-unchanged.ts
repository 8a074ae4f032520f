import type { DeployedStack } from '../aws/stack.ts';
import { canonical } from './canonical.ts';
import { defaultsIn, readTemplate } from './read-template.ts';
import { hasSucceeded } from './stack-state.ts';

/** What a stack is meant to be. */
export interface WantedStack {
  readonly template: string;
  /** With the keys of the artifacts among them, which hold their hashes. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Only says how the next change goes out: it is no change by itself. */
const ofTheWay = new Set(['Canary']);

/** Whether a stack is already what it is meant to be, by its template, parameters and tags. */
export function isUnchanged(stack: DeployedStack, template: string, wanted: WantedStack): boolean {
  return (
    hasSucceeded(stack.status) &&
    isSameTemplate(template, wanted.template) &&
    changedParameters(stack, wanted).length === 0 &&
    isEqual(ownTags(stack.tags), ownTags(wanted.tags))
  );
}

/** The names of the parameters whose value differs, those included that fall back to their default. */
export function changedParameters({ parameters: before }: Pick<DeployedStack, 'parameters'>, wanted: WantedStack) {
  const after = { ...defaultsIn(wanted.template), ...wanted.parameters };
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name] && !ofTheWay.has(name))
    .sort();
}

/**
 * Line ends, comments and the order of names make no other stack, and need not come back as they were handed over. With
 * them alone CloudFormation would find nothing to change, in every deployment anew.
 */
const isSameTemplate = (one: string, other: string) => one === other || meaningOf(one) === meaningOf(other);

function meaningOf(template: string): string {
  const { parameters, conditions, resources, outputs } = readTemplate(template);
  const definitions = Object.fromEntries(Object.entries(resources).map(([id, { definition }]) => [id, definition]));
  return canonical({ parameters, conditions, outputs, resources: definitions });
}

/** Without those that AWS puts there. */
const ownTags = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));

const isEqual = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([key, value]) => other[key] === value);

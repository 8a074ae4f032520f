import type { ResourceChange } from '../aws/change-set.ts';
import { canonical } from './canonical.ts';
import type { ParameterizedTemplate } from './plan.ts';
import { resourcesIn } from './read-template.ts';
import type { Plain, StackResource } from './stack-definition.ts';
import { toRecord } from './stack-definition.ts';
import { referencesOf } from './stack-references.ts';

/**
 * What differs between two templates, resource by resource, without asking CloudFormation: nothing is made to look, and
 * whether a resource would be replaced is not known. What refers to a changed parameter counts as changed.
 */
export function compareTemplates(
  before: ParameterizedTemplate,
  after: ParameterizedTemplate,
  changedParameters: readonly string[],
): readonly ResourceChange[] {
  const [old, young] = [resourcesIn(before.template, before.parameters), resourcesIn(after.template, after.parameters)];
  const base = { replacement: 'no', parts: [] } as const;
  const removed = [...old].filter(([logicalId]) => !young.has(logicalId));
  const others = [...young].flatMap(([logicalId, is]): readonly ResourceChange[] => {
    const was = old.get(logicalId);
    if (was === undefined) return [{ ...base, logicalId, type: is.Type, action: 'add' }];
    const parts = differingParts(was, is, changedParameters);
    return parts.length === 0 ? [] : [{ ...base, logicalId, type: is.Type, action: 'modify', parts }];
  });
  return [
    ...removed.map(([logicalId, { Type }]) => ({ ...base, logicalId, type: Type, action: 'remove' as const })),
    ...others,
  ];
}

/** The names of properties, and of what else a resource has, such as `DeletionPolicy`. */
function differingParts(was: StackResource, is: StackResource, changed: readonly string[]): readonly string[] {
  const [old, young] = [partsOf(was), partsOf(is)];
  return [...new Set([...Object.keys(old), ...Object.keys(young)])]
    .filter((name) => {
      const [before = null, after = null] = [old[name], young[name]];
      const references = referencesOf(after);
      return canonical(before) !== canonical(after) || changed.some((parameter) => references.has(parameter));
    })
    .sort();
}

/** Without what changes nothing by itself: when there is the resource, and what it waits for. */
function partsOf({ definition }: StackResource): Readonly<Record<string, Plain>> {
  const { Properties: properties, Condition: _, DependsOn: __, ...rest } = definition;
  return { ...rest, ...toRecord(properties) };
}

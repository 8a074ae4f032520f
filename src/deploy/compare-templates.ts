import type { ResourceChange } from '../aws/change-set.ts';
import type { ParameterizedTemplate } from './plan.ts';
import { resourcesIn } from './read-template.ts';

/**
 * What differs between two templates, resource by resource, without asking CloudFormation: nothing is made to look, and
 * whether a resource would be replaced is not known. Those that name a changed parameter count as changed.
 */
export function compareTemplates(
  before: ParameterizedTemplate,
  after: ParameterizedTemplate,
  changedParameters: readonly string[],
): readonly ResourceChange[] {
  const [old, young] = [resourcesIn(before.template, before.parameters), resourcesIn(after.template, after.parameters)];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((logicalId): readonly ResourceChange[] => {
    const [was, is] = [old.get(logicalId), young.get(logicalId)];
    const base = { logicalId, type: (is ?? was)?.Type ?? '', replacement: 'no', parts: [] } as const;
    if (was === undefined) return [{ ...base, action: 'add' }];
    if (is === undefined) return [{ ...base, action: 'remove' }];
    const text = JSON.stringify(is.definition);
    const named = changedParameters.filter(
      (name) => text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`),
    );
    if (JSON.stringify(was.definition) === text && named.length === 0) return [];
    return [{ ...base, action: 'modify', parts: named }];
  });
}

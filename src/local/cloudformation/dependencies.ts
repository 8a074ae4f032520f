import { referencesIn } from './intrinsics.ts';
import { validationError } from './refusals.ts';
import type { ResourceDefinition } from './template.ts';

/** The resources that one waits for: those that it or its update policy refers to, and `DependsOn`, as far as they are in the stack. */
export function dependenciesOf(
  definition: ResourceDefinition,
  isThere: (logicalId: string) => boolean,
): ReadonlySet<string> {
  const referenced = referencesIn([definition.properties, definition.updatePolicy]).map(({ name }) => name);
  return new Set([...referenced, ...definition.dependsOn].filter(isThere));
}

/**
 * Orders resources so that each comes after what it depends on, otherwise as in the template. Throws on a cycle.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
export function inDependencyOrder(dependencies: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const ordered = new Set<string>();
  while (ordered.size < dependencies.size) {
    const before = ordered.size;
    for (const [id, needed] of dependencies) {
      if ([...needed].every((other) => ordered.has(other) || !dependencies.has(other))) ordered.add(id);
    }
    if (ordered.size > before) continue;
    const left = [...dependencies.keys()].filter((id) => !ordered.has(id));
    throw validationError(`Circular dependency between resources: [${left.join(', ')}]`);
  }
  return [...ordered];
}

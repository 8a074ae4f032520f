import type { CloudFormationAccount } from './account.ts';
import { inDependencyOrder } from './dependencies.ts';
import type { Stack, StackResource, Step } from './stack.ts';

export interface RemoveOptions {
  /** What happens to a resource: it goes, or stays behind. */
  readonly keeps: (resource: StackResource) => boolean;
}

/**
 * Deletes resources, each after those that depend on it; gives the logical ids that could not be. What a failed one depends
 * on stays.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export async function* removeResources(
  account: CloudFormationAccount,
  stack: Stack,
  resources: readonly StackResource[],
  { keeps }: RemoveOptions,
): AsyncGenerator<Step, readonly string[]> {
  const failed: string[] = [];
  const needed = new Set<string>();
  for (const resource of lastFirst(resources)) {
    if (keeps(resource)) {
      setStatus(account, stack, resource, 'DELETE_SKIPPED');
      continue;
    }
    if (needed.has(resource.logicalId)) {
      for (const other of resource.dependsOn) needed.add(other);
      continue;
    }
    setStatus(account, stack, resource, 'DELETE_IN_PROGRESS');
    yield;
    const failure =
      account.failureOf(resource.logicalId, 'delete') ?? (await account.provision(stack, 'delete', resource));
    if (failure === undefined) {
      setStatus(account, stack, resource, 'DELETE_COMPLETE');
      continue;
    }
    failed.push(resource.logicalId);
    for (const other of resource.dependsOn) needed.add(other);
    setStatus(account, stack, resource, 'DELETE_FAILED', failure);
  }
  return failed;
}

/** What was replaced has the logical id of what replaced it, and is the stack's no more: it only makes events. */
function setStatus(
  account: CloudFormationAccount,
  stack: Stack,
  resource: StackResource,
  ...[status, reason]: readonly ['DELETE_SKIPPED' | 'DELETE_IN_PROGRESS' | 'DELETE_COMPLETE' | 'DELETE_FAILED', string?]
): void {
  if (stack.resources.get(resource.logicalId) === resource) account.setResource(stack, resource, status, reason);
  else account.resourceEvent(stack, resource, status, reason);
}

function lastFirst(resources: readonly StackResource[]): readonly StackResource[] {
  const dependencies = new Map(resources.map(({ logicalId, dependsOn }) => [logicalId, new Set(dependsOn)]));
  const order = inDependencyOrder(dependencies);
  return resources.toSorted((a, b) => order.indexOf(b.logicalId) - order.indexOf(a.logicalId));
}

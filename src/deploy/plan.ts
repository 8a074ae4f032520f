import type { ChangeAction, ResourceChange } from '../aws/change-set.ts';
import { broadenedPermissions } from './broadened-permissions.ts';
import { resourcesIn } from './read-template.ts';

/** What becomes of one resource, with what somebody should look at before saying yes. */
export interface PlanRow extends ResourceChange {
  /** What it permits and did not permit before. */
  readonly broadened: readonly string[];
}

/** A template with the values of its parameters. */
export interface ParameterizedTemplate {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Compared {
  /** Undefined when there is no stack. */
  readonly before: ParameterizedTemplate | undefined;
  readonly after: ParameterizedTemplate;
  /** The parameters that get another value. */
  readonly changedParameters: readonly string[];
}

/** What is worse comes first: what is removed, then what is replaced. */
const ranks: Readonly<Record<ChangeAction, number>> = { remove: 0, modify: 2, add: 3 };
const rankOf = ({ action, replacement }: ResourceChange) => (replacement === 'no' ? ranks[action] : 1);

/** Puts changes in the order in which they are read, with the permissions that they broaden. */
export function toPlan(changes: readonly ResourceChange[], compared: Compared): readonly PlanRow[] {
  const { before, after, changedParameters } = compared;
  // In a stack that is new everything is, and there is nothing that it could be broader than.
  const broadened =
    before === undefined
      ? new Map<string, readonly string[]>()
      : broadenedPermissions(
          resourcesIn(before.template, before.parameters),
          resourcesIn(after.template, after.parameters),
          changedParameters,
        );
  return changes
    .map((change) => ({ ...change, broadened: broadened.get(change.logicalId) ?? [] }))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.logicalId < b.logicalId ? -1 : 1));
}

/** The plan of a stack that has to be deleted before CloudFormation could be asked for one: all of it is made. */
export function planOfTemplate(after: ParameterizedTemplate): readonly PlanRow[] {
  const changes = [...resourcesIn(after.template, after.parameters)].map(
    ([logicalId, { Type: type }]): ResourceChange => ({ logicalId, type, action: 'add', replacement: 'no', parts: [] }),
  );
  return toPlan(changes, { before: undefined, after, changedParameters: [] });
}

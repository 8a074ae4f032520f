import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { PlannedChange } from './changes.ts';
import type { ParameterValues } from './parameters.ts';
import type { Policy, Template } from './template.ts';

/** A physical resource of a stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  physicalId: string;
  attributes: Readonly<Record<string, string>>;
  /** As they were set, every intrinsic function resolved. */
  properties: Readonly<Record<string, unknown>>;
  metadata: unknown;
  deletionPolicy: Policy;
  updateReplacePolicy: Policy;
  dependsOn: readonly string[];
  status: ResourceStatus;
  statusReason: string | undefined;
  changedAt: number;
}

export interface StackEvent {
  readonly id: string;
  readonly operationId: string;
  readonly operationType: OperationType;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly properties: string | undefined;
  readonly token: string | undefined;
  readonly at: number;
}

export type OperationType = 'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'CONTINUE_ROLLBACK' | 'ROLLBACK';

/** Everything that a template and its settings ask for. */
export interface Desired {
  readonly template: Template;
  readonly body: string;
  readonly parameters: ParameterValues;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly type: 'CREATE' | 'UPDATE';
  readonly desired: Desired;
  readonly onStackFailure: 'DO_NOTHING' | 'ROLLBACK' | 'DELETE' | undefined;
  readonly token: string | undefined;
  readonly createdAt: number;
  status: 'CREATE_PENDING' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  executionStatus:
    | 'UNAVAILABLE'
    | 'AVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'OBSOLETE';
  statusReason: string | undefined;
  changes: readonly PlannedChange[];
}

export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  readonly token: string | undefined;
}

/** A step of what is under way: something was settled, or all of it waits for time to pass. */
export type Step = 'waits' | undefined;

export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly resources: Map<string, StackResource>;
  readonly changeSets: Map<string, ChangeSet>;
  /** Oldest first. */
  readonly events: StackEvent[];
  status: StackStatus;
  statusReason: string | undefined;
  /** What the stack was last brought to, or is being brought to; none before its first change set is executed. */
  desired: Desired | undefined;
  outputs: readonly { readonly key: string; readonly value: string; readonly description: string | undefined }[];
  updatedAt: number | undefined;
  deletedAt: number | undefined;
  changeSetId: string | undefined;
  disableRollback: boolean;
  terminationProtection: boolean;
  operation: Operation | undefined;
  /** Goes on with what is under way, one step a time; `undefined` when the stack rests. */
  run: AsyncGenerator<Step, unknown> | undefined;
  /** What an update that failed has to go back to. */
  rollback: Rollback | undefined;
}

/** What an update began with, and what it has made beside. */
export interface Rollback {
  readonly desired: Desired | undefined;
  readonly resources: ReadonlyMap<string, StackResource>;
  /** Physical resources that the update made; an undone update deletes them. */
  readonly made: Set<string>;
}

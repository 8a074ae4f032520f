import type { StackStatus } from '@aws-sdk/client-cloudformation';

/**
 * What a deployment does about a stack first:
 *
 * - `create` – there is none, or one that a plan has left behind with nothing in it
 * - `update` – it stands
 * - `wait` – something is going on: attach to it, wait, and look again
 * - `replace` – it can only be deleted; then it is created anew
 * - `continue-rollback` – an update and its rollback have failed: that has to be ended first
 * - `by-hand` – nothing that this program could do would be safe
 */
export type StackStep = 'create' | 'update' | 'wait' | 'replace' | 'continue-rollback' | 'by-hand';

/**
 * Every status that the SDK knows, so that one that a new version brings fails the type check.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes
 */
const steps: Readonly<Record<StackStatus, StackStep>> = {
  CREATE_COMPLETE: 'update',
  CREATE_FAILED: 'replace',
  CREATE_IN_PROGRESS: 'wait',
  DELETE_COMPLETE: 'create',
  DELETE_FAILED: 'replace',
  DELETE_IN_PROGRESS: 'wait',
  IMPORT_COMPLETE: 'update',
  IMPORT_IN_PROGRESS: 'wait',
  IMPORT_ROLLBACK_COMPLETE: 'update',
  IMPORT_ROLLBACK_FAILED: 'by-hand',
  IMPORT_ROLLBACK_IN_PROGRESS: 'wait',
  REVIEW_IN_PROGRESS: 'create',
  ROLLBACK_COMPLETE: 'replace',
  ROLLBACK_FAILED: 'replace',
  ROLLBACK_IN_PROGRESS: 'wait',
  UPDATE_COMPLETE: 'update',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'wait',
  // Only where somebody has told CloudFormation not to roll back; it takes an update from there.
  UPDATE_FAILED: 'update',
  UPDATE_IN_PROGRESS: 'wait',
  UPDATE_ROLLBACK_COMPLETE: 'update',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'wait',
  UPDATE_ROLLBACK_FAILED: 'continue-rollback',
  UPDATE_ROLLBACK_IN_PROGRESS: 'wait',
};

/** What to do about a stack of this status; `undefined` is no stack. A status that nobody knows yet is left to a person. */
export function stepFor(status: string | undefined): StackStep {
  if (status === undefined) return 'create';
  return isKnown(status) ? steps[status] : 'by-hand';
}

/** The last change of the stack ended with what it was meant to do, and the stack is there. */
export const hasSucceeded = (status: string) => /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);

/** It has something in it that runs, whatever became of the last operation. */
export const isStanding = (status: string) => ['update', 'continue-rollback'].includes(stepFor(status));

const isKnown = (status: string): status is StackStatus => Object.hasOwn(steps, status);

import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import type { StackStep } from '../../src/deploy/stack-state.ts';
import { hasSucceeded, isStanding, stepFor } from '../../src/deploy/stack-state.ts';

const all = Object.values(StackStatus);
const those = (is: (status: string) => boolean) => all.filter(is).sort();
const withStep = (step: StackStep) => those((status) => stepFor(status) === step);

describe('a stack', () => {
  it('that is not there, is deleted, or is the shell of a plan is created', () => {
    expect(stepFor(undefined)).toBe('create');
    expect(withStep('create')).toEqual(['DELETE_COMPLETE', 'REVIEW_IN_PROGRESS']);
  });

  it('in which something goes on is waited for', () => {
    expect(withStep('wait')).toEqual(those((it) => it.endsWith('_IN_PROGRESS') && it !== 'REVIEW_IN_PROGRESS'));
  });

  it('that stands is updated, also after an update that was taken back', () => {
    expect(withStep('update')).toEqual([
      'CREATE_COMPLETE',
      'IMPORT_COMPLETE',
      'IMPORT_ROLLBACK_COMPLETE',
      'UPDATE_COMPLETE',
      'UPDATE_FAILED',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  it('of which nothing came, or of which something would not go, is replaced', () => {
    expect(withStep('replace')).toEqual(['CREATE_FAILED', 'DELETE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED']);
  });

  it('whose rollback has failed has to go on with that', () => {
    expect(withStep('continue-rollback')).toEqual(['UPDATE_ROLLBACK_FAILED']);
  });

  it('in a state that nobody here knows is left to a person', () => {
    expect(withStep('by-hand')).toEqual(['IMPORT_ROLLBACK_FAILED']);
    expect(['', 'PAUSED', 'toString'].map(stepFor)).toEqual(['by-hand', 'by-hand', 'by-hand']);
  });

  it('has something that runs when it stands, whatever became of its last update', () => {
    expect(those(isStanding)).toEqual([...withStep('update'), ...withStep('continue-rollback')].sort());
    expect(isStanding('PAUSED')).toBe(false);
  });

  it('was changed as it was meant to be when it is there and nothing was taken back', () => {
    expect(those(hasSucceeded)).toEqual(['CREATE_COMPLETE', 'IMPORT_COMPLETE', 'UPDATE_COMPLETE']);
  });
});

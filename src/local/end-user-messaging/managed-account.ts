import type { Account } from './account.ts';
import type { Answer, Operate } from './answer.ts';
import type { Inventory, InventorySeed } from './inventory.ts';
import { createInventory } from './inventory.ts';
import type { LimitsSeed } from './limits.ts';
import { createLimits } from './limits.ts';
import type { ManagementOperationName } from './management-operations.ts';
import type { Input } from './operations.ts';
import type { ProtectSeed } from './protect.ts';
import { createProtectConfigurations } from './protect.ts';
import type { SandboxDeps, SandboxSeed } from './sandbox.ts';
import { createSandbox } from './sandbox.ts';

export interface ManagedAccountSeed extends InventorySeed, ProtectSeed, SandboxSeed, LimitsSeed {
  readonly region?: string;
  readonly accountId?: string;
}

export type ManagedAccountDeps = Pick<SandboxDeps, 'now' | 'newId' | 'newCode'>;

/** An account that management operations look at and change, and that sends are held to at the same time. */
export interface ManagedAccount extends Account {
  readonly activate: Inventory['activate'];
  operate(operation: ManagementOperationName, input: Input, deliver: SandboxDeps['deliver']): Answer;
}

/** Makes an account out of what it has at first; an empty seed is a new account outside of the sandbox. */
export function createManagedAccount(seed: ManagedAccountSeed, deps: ManagedAccountDeps): ManagedAccount {
  const { region = 'us-east-1', accountId = '123456789012' } = seed;
  const shared = { ...deps, arnPrefix: `arn:aws:sms-voice:${region}:${accountId}` };
  let delivering: SandboxDeps['deliver'] | undefined;
  const inventory = createInventory(seed, shared);
  const protect = createProtectConfigurations(seed, shared);
  const sandbox = createSandbox(seed, {
    ...shared,
    deliver(message) {
      if (delivering === undefined) throw new Error('a verification code is sent by an operation only');
      return delivering(message);
    },
  });
  const operations: Readonly<Record<ManagementOperationName, Operate>> = {
    ...inventory.operations,
    ...protect.operations,
    ...sandbox.operations,
    ...createLimits(seed, { inventory, sandbox, arnPrefix: shared.arnPrefix }),
  };
  return {
    get identities() {
      return inventory.identities();
    },
    get verified() {
      return sandbox.verified();
    },
    protectRules: (named) => (named !== undefined && !protect.has(named) ? 'unknown' : protect.rulesOf(named)),
    activate: inventory.activate,
    operate(operation, input, deliver) {
      delivering = deliver;
      return operations[operation](input);
    },
  };
}

export const isManaged = (account: Account): account is ManagedAccount => 'operate' in account;

import type { Change } from '@aws-sdk/client-cloudformation';

export type ChangeAction = 'add' | 'modify' | 'remove';

/** What becomes of one resource of a stack. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: ChangeAction;
  /** A new one takes its place, for sure or depending on what only shows when it is done. */
  readonly replacement: 'yes' | 'maybe' | 'no';
  /** The properties that differ, or `Tags`, `Metadata` and the like. */
  readonly parts: readonly string[];
}

/** Reads a change off a change set; what is no change of a resource of this stack is left out. */
export function toChange({ ResourceChange: change }: Change): readonly ResourceChange[] {
  const action = change?.Action === undefined ? undefined : actions[change.Action];
  if (change === undefined || action === undefined) return [];
  const parts = (change.Details ?? []).map(({ Target }) => Target?.Name ?? Target?.Attribute ?? '');
  return [
    {
      logicalId: change.LogicalResourceId ?? '',
      type: change.ResourceType ?? '',
      action,
      // Of a resource that is added or removed there is none.
      replacement: action === 'modify' ? replacements[change.Replacement ?? 'False'] : 'no',
      parts: [...new Set(parts)].filter((part) => part !== '').sort(),
    },
  ];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
const actions: Readonly<Record<string, ChangeAction>> = {
  Add: 'add',
  Import: 'add',
  Modify: 'modify',
  Dynamic: 'modify',
  SyncWithActual: 'modify',
  Remove: 'remove',
};

const replacements = { True: 'yes', Conditional: 'maybe', False: 'no' } as const;

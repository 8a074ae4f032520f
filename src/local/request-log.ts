/** One call that came over the wire. */
export interface LoggedCall {
  /** As in the scope of its signature: `cloudformation`, `s3`. */
  readonly service: string;
  readonly operation: string;
  /** Whether it could have changed something, had it been obeyed. */
  readonly isMutating: boolean;
  /** The code of the refusal, if it was refused. */
  readonly refusal?: string | undefined;
}

/** Every call to the services of the local AWS, in the order in which they came. */
export interface RequestLog {
  add(call: LoggedCall): void;
  calls(): readonly LoggedCall[];
  /** `cloudformation:CreateChangeSet`, of those that could have changed something. */
  mutating(): readonly string[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  const calls: LoggedCall[] = [];
  return {
    add: (call) => void calls.push(call),
    calls: () => [...calls],
    mutating: () =>
      calls.filter(({ isMutating }) => isMutating).map(({ service, operation }) => `${service}:${operation}`),
    clear: () => void calls.splice(0),
  };
}

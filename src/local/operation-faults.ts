/** What goes wrong with an operation of a service. */
export interface OperationFault {
  /** The service's own name of it, such as `DescribeStackEvents`; any operation when absent. */
  readonly operation?: string;
  /** How often; once when absent. */
  readonly times?: number;
  /**
   * `throttled`, `expired` and `denied` are refusals; `lost` obeys, and resets the connection before it answers: the caller
   * cannot know.
   */
  readonly kind: 'throttled' | 'expired' | 'denied' | 'lost';
}

/** Faults that wait for the operations they are meant for. */
export function createOperationFaults() {
  const waiting: { fault: OperationFault; left: number }[] = [];
  return {
    add: (fault: OperationFault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    clear: () => void waiting.splice(0),
    take(operation: string): OperationFault['kind'] | undefined {
      const entry = waiting.find(({ fault }) => fault.operation === undefined || fault.operation === operation);
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) waiting.splice(waiting.indexOf(entry), 1);
      return entry.fault.kind;
    },
  };
}
export type OperationFaults = ReturnType<typeof createOperationFaults>;

import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

export interface Alarm {
  readonly name: string;
  readonly state: 'ok' | 'alarm' | 'no-data';
}

/** The most that CloudWatch takes in one request. */
const batchSize = 100;

/** Reads the states of alarms by their names; one that is not there is left out. */
export async function readAlarms(
  access: OperatorAccess,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly Alarm[]> {
  if (names.length === 0) return [];
  const client = new CloudWatchClient(operatorSettings(access));
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await createAsk(access, 'the alarms')(
      'cloudwatch:DescribeAlarms',
      signal,
      (options) =>
        client.send(
          new DescribeAlarmsCommand({
            AlarmNames: names.slice(0, batchSize),
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            MaxRecords: batchSize,
          }),
          options,
        ),
    );
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName, StateValue }) => ({
      name: AlarmName ?? '',
      state: StateValue === undefined ? 'no-data' : states[StateValue],
    }));
  } finally {
    client.destroy();
  }
}

const states = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'no-data' } as const;

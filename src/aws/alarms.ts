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
  const ask = createAsk(access, 'the alarms');
  const found: Alarm[] = [];
  try {
    for (let from = 0; from < names.length; from += batchSize) {
      const AlarmNames = names.slice(from, from + batchSize);
      const { MetricAlarms = [], CompositeAlarms = [] } = await ask('cloudwatch:DescribeAlarms', signal, (options) =>
        client.send(
          new DescribeAlarmsCommand({
            AlarmNames,
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            MaxRecords: batchSize,
          }),
          options,
        ),
      );
      for (const { AlarmName: name = '', StateValue: state } of [...MetricAlarms, ...CompositeAlarms]) {
        found.push({ name, state: state === undefined ? 'no-data' : states[state] });
      }
    }
    return found;
  } finally {
    client.destroy();
  }
}

const states = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'no-data' } as const;

import { isObject } from '../core/decode.ts';
import type { ResourceAction } from './cloudformation/account.ts';
import type { JsonService } from './json-service.ts';
import { createJsonService } from './json-service.ts';
import type { RequestLog } from './request-log.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface CloudWatchOptions {
  readonly now: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly log: RequestLog;
}

export interface CloudWatch extends JsonService {
  /** Makes an alarm of a stack, or deletes it. */
  provision(action: ResourceAction): void;
  setAlarm(name: string, state: AlarmState, reason?: string): void;
  stateOf(name: string): AlarmState | undefined;
  /** The newest datum of a metric, by namespace and name. */
  putMetric(namespace: string, metricName: string, value: number): void;
}

interface Alarm {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly state: AlarmState;
  readonly reason: string;
  readonly changedAt: number;
}

/** CloudWatch over AWS JSON 1.0: the state of alarms, and the newest datum of metrics. */
export function createCloudWatch({ now, region, accountId, log }: CloudWatchOptions): CloudWatch {
  const alarms = new Map<string, Alarm>();
  const metrics = new Map<string, { readonly value: number; readonly at: number }>();
  const seconds = (ms: number) => ms / 1000;

  const service = createJsonService({
    service: 'monitoring',
    log,
    operations: [
      {
        name: 'DescribeAlarms',
        isMutating: false,
        method: 'POST',
        path: /^GraniteServiceVersion20100801\.DescribeAlarms$/,
        act({ body }) {
          const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state } = isObject(body) ? body : {};
          const found = [...alarms].filter(
            ([name, alarm]) =>
              (!Array.isArray(names) || names.includes(name)) &&
              (typeof prefix !== 'string' || name.startsWith(prefix)) &&
              (typeof state !== 'string' || alarm.state === state),
          );
          const described = found.map(([name, alarm]) => ({
            AlarmName: name,
            AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
            AlarmDescription: alarm.properties['AlarmDescription'],
            StateValue: alarm.state,
            StateReason: alarm.reason,
            StateUpdatedTimestamp: seconds(alarm.changedAt),
          }));
          return { body: { MetricAlarms: described, CompositeAlarms: [] } };
        },
      },
      {
        name: 'GetMetricData',
        isMutating: false,
        method: 'POST',
        path: /^GraniteServiceVersion20100801\.GetMetricData$/,
        act({ body }) {
          const queries = isObject(body) && Array.isArray(body['MetricDataQueries']) ? body['MetricDataQueries'] : [];
          const results = queries.filter(isObject).map((query) => {
            const stat = query['MetricStat'];
            const metric = isObject(stat) && isObject(stat['Metric']) ? stat['Metric'] : {};
            const datum = metrics.get(`${String(metric['Namespace'])} ${String(metric['MetricName'])}`);
            return {
              Id: query['Id'],
              Label: metric['MetricName'],
              StatusCode: 'Complete',
              Timestamps: datum === undefined ? [] : [seconds(datum.at)],
              Values: datum === undefined ? [] : [datum.value],
            };
          });
          return { body: { MetricDataResults: results, Messages: [] } };
        },
      },
    ],
  });

  return {
    ...service,
    provision({ action, type, physicalId, properties }) {
      if (type !== 'AWS::CloudWatch::Alarm') return;
      if (action === 'delete') alarms.delete(physicalId);
      else {
        const state = alarms.get(physicalId)?.state ?? 'INSUFFICIENT_DATA';
        alarms.set(physicalId, { properties, state, reason: 'Unchecked: Initial alarm creation', changedAt: now() });
      }
    },
    setAlarm(name, state, reason = 'Threshold Crossed') {
      const alarm = alarms.get(name);
      if (alarm === undefined) throw new Error('there is no such alarm');
      alarms.set(name, { ...alarm, state, reason, changedAt: now() });
    },
    stateOf: (name) => alarms.get(name)?.state,
    putMetric(namespace, metricName, value) {
      metrics.set(`${namespace} ${metricName}`, { value, at: now() });
    },
  };
}

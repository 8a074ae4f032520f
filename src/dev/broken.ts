import type { FaultSettings } from './faults.ts';

/** Everything that is broken at the moment, each in a few words; empty while all is sound. */
export function brokenOf(faults: FaultSettings): readonly string[] {
  const { messaging, dynamodb, okta, queue, gateway, keys, clockSkewSeconds, copies } = faults;
  const exception = [messaging.exception, messaging.reason].filter((word) => word !== undefined).join(' ');
  const broken = Object.entries({
    'End User Messaging': messaging,
    DynamoDB: dynamodb,
    'Okta tokens': okta,
    SQS: queue,
    'API Gateway': gateway,
  })
    .filter(([, { kind }]) => kind !== 'none')
    .map(([name, { kind, ms }]) => {
      const how = kind === 'exception' ? exception : kind === 'latency' && ms !== undefined ? `latency ${ms} ms` : kind;
      return `${name}: ${how}`;
    });
  if (keys !== 'sound') broken.push(`Okta's keys: ${keys}`);
  if (clockSkewSeconds !== 0) broken.push(`Okta's clock: ${clockSkewSeconds > 0 ? '+' : ''}${clockSkewSeconds} s`);
  if (copies > 1) broken.push(`every event from this page ${copies} times`);
  return broken;
}

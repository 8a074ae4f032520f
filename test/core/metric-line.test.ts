import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import { metricsNamespace, renderMetricLine } from '../../src/core/metric-line.ts';

const at = Date.parse('2026-01-28T21:43:40.000Z');
const origin = { at };
const parsed = (line: string): unknown => JSON.parse(line);

describe('a line of log with its metrics', () => {
  const line = renderMetricLine(origin, { outcome: 'sent', text: 'two\nlines' }, { Deliveries: 1, SendMs: 82.5 });

  it('is one line', () => {
    expect(line).not.toContain('\n');
  });

  it('holds content, instant and metrics beside each other', () => {
    expect(parsed(line)).toMatchObject({ outcome: 'sent', text: 'two\nlines', at, Deliveries: 1, SendMs: 82.5 });
  });

  it('declares each metric in CloudWatch’s embedded format, milliseconds by the end of its name', () => {
    expect(parsed(line)).toMatchObject({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: 'OktaOtp',
            Dimensions: [[]],
            Metrics: [
              { Name: 'Deliveries', Unit: 'Count' },
              { Name: 'SendMs', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
    });
  });

  it('lets no content pass for a metric, for its instant or for the declaration', () => {
    const forged = renderMetricLine(origin, { at: 0, Deliveries: 99, _aws: {} }, { Deliveries: 1 });
    expect(parsed(forged)).toEqual(parsed(renderMetricLine(origin, {}, { Deliveries: 1 })));
  });

  it('names the stack as the dimension, so that two in one Region are not counted together', () => {
    const staging = renderMetricLine({ at, stack: 'okta-otp-staging' }, { Stack: 'forged' }, { Deliveries: 1 });
    expect(parsed(staging)).toMatchObject({
      Stack: 'okta-otp-staging',
      _aws: { CloudWatchMetrics: [{ Dimensions: [['Stack']] }] },
    });
  });

  it('tells of a count of nothing without declaring a metric, since each would be paid for', () => {
    const quiet = parsed(renderMetricLine(origin, {}, { Deliveries: 1, Failures: 0, SendMs: 0 }));
    expect(quiet).toMatchObject({
      Failures: 0,
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'Deliveries' }, { Name: 'SendMs' }] }] },
    });
  });

  it('without metrics declares none', () => {
    const content = parsed(renderMetricLine(origin, {}, {}));
    expect(isObject(content) && isObject(content['_aws']) && content['_aws']['CloudWatchMetrics']).toEqual([
      { Namespace: metricsNamespace, Dimensions: [[]], Metrics: [] },
    ]);
  });
});

/** The namespace of all metrics of the product. */
export const metricsNamespace = 'OktaOtp';

export interface MetricOrigin {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The dimension by which several stacks in one account and Region are told apart; undefined outside of a stack. */
  readonly stack?: string | undefined;
}

/**
 * Renders one line of log with its metrics embedded for CloudWatch; a name that ends in `Ms` counts milliseconds.
 *
 * A count of 0 stands in the line, but is no metric: CloudWatch bills a metric for every hour in which it has a value.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function renderMetricLine(
  { at, stack }: MetricOrigin,
  content: object,
  metrics: Readonly<Record<string, number>>,
): string {
  const isTime = (name: string) => name.endsWith('Ms');
  return JSON.stringify({
    ...content,
    at,
    ...(stack === undefined ? {} : { Stack: stack }),
    ...metrics,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [stack === undefined ? [] : ['Stack']],
          Metrics: Object.entries(metrics)
            .filter(([name, value]) => value !== 0 || isTime(name))
            .map(([name]) => ({ Name: name, Unit: isTime(name) ? 'Milliseconds' : 'Count' })),
        },
      ],
    },
  });
}

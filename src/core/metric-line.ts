/** The namespace of all metrics of the product. */
export const metricsNamespace = 'OktaOtp';

/**
 * Renders one line of log with its metrics embedded for CloudWatch; a name that ends in `Ms` counts milliseconds.
 *
 * @param at - milliseconds since the epoch
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function renderMetricLine(at: number, content: object, metrics: Readonly<Record<string, number>>): string {
  return JSON.stringify({
    ...content,
    at,
    ...metrics,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [[]],
          Metrics: Object.keys(metrics).map((name) => ({
            Name: name,
            Unit: name.endsWith('Ms') ? 'Milliseconds' : 'Count',
          })),
        },
      ],
    },
  });
}

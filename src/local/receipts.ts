import { isObject, parseJson } from '../core/decode.ts';
import type { Serve } from './serve.ts';

/** A configuration set with the log groups that its enabled, or disabled, event destinations lead to. */
export interface LocalConfigurationSet {
  readonly name: string;
  readonly logGroup?: string;
  readonly enabled?: boolean;
}

export interface ReceiptsOptions {
  /** Read anew at every request. */
  readonly configurationSets: readonly LocalConfigurationSet[];
  /** How many configuration sets, or log events, a page has. */
  readonly pageSize?: number;
}

export interface Receipts {
  readonly serve: Serve;
  /** Writes a line of log; `at` is in milliseconds since the epoch. */
  log(logGroup: string, message: string, at: number): void;
  /** How often log events were asked for. */
  polls(): number;
}

const account = 'arn:aws:logs:us-east-1:000000000000:log-group';

/** The two operations by which a receipt is found: DescribeConfigurationSets of End User Messaging, FilterLogEvents of CloudWatch Logs. */
export function createReceipts({ configurationSets, pageSize = 50 }: ReceiptsOptions): Receipts {
  const lines: { readonly logGroup: string; readonly message: string; readonly at: number }[] = [];
  let polls = 0;

  const describe = (input: Record<string, unknown>): Response => {
    const names = input['ConfigurationSetNames'];
    const chosen = Array.isArray(names)
      ? configurationSets.filter(({ name }) => names.includes(name))
      : configurationSets;
    if (Array.isArray(names) && chosen.length < names.length) {
      return refuse('ResourceNotFoundException', 'The configuration set does not exist');
    }
    const { items, next } = pageOf(chosen, input['NextToken'], pageSize);
    return Response.json({ ConfigurationSets: items.map(toDescription), ...(next ? { NextToken: next } : {}) });
  };

  const filter = (input: Record<string, unknown>): Response => {
    polls += 1;
    const group = input['logGroupName'];
    const known = configurationSets.some(({ logGroup }) => logGroup === group);
    if (!known) return refuse('ResourceNotFoundException', 'The specified log group does not exist.');
    const wanted = /^\{ \$\.messageId = "([^"]+)" \}$/.exec(String(input['filterPattern'] ?? ''))?.[1];
    if (wanted === undefined) return refuse('InvalidParameterException', 'Invalid filter pattern');
    const since = Number(input['startTime'] ?? 0);
    const found = lines.filter(
      ({ logGroup, message, at }) => logGroup === group && at >= since && messageIdIn(message) === wanted,
    );
    const { items, next } = pageOf(found, input['nextToken'], pageSize);
    const events = items.map(({ message, at }) => ({
      message,
      timestamp: at,
      ingestionTime: at,
      logStreamName: 'sms',
    }));
    return Response.json({ events, ...(next ? { nextToken: next } : {}) });
  };

  const operations = new Map([
    ['PinpointSMSVoiceV2.DescribeConfigurationSets', { service: 'sms-voice', run: describe }],
    ['Logs_20140328.FilterLogEvents', { service: 'logs', run: filter }],
  ]);

  return {
    async serve(request) {
      const operation = operations.get(request.headers.get('x-amz-target') ?? '');
      if (request.method !== 'POST' || operation === undefined) {
        return refuse('UnknownOperationException', 'The operation is unknown, or not emulated.');
      }
      const signature = request.headers.get('authorization') ?? '';
      if (!signature.startsWith('AWS4-HMAC-SHA256 ') || !signature.includes(`/${operation.service}/aws4_request`)) {
        return refuse('MissingAuthenticationTokenException', 'Missing Authentication Token');
      }
      const json = parseJson(await request.text());
      if (!json.ok || !isObject(json.value)) return refuse('SerializationException', 'The body is not a JSON object');
      return operation.run(json.value);
    },
    log(logGroup, message, at) {
      lines.push({ logGroup, message, at });
    },
    polls: () => polls,
  };
}

const toDescription = ({ name, logGroup, enabled = true }: LocalConfigurationSet) => ({
  ConfigurationSetArn: `arn:aws:sms-voice:us-east-1:000000000000:configuration-set/${name}`,
  ConfigurationSetName: name,
  CreatedTimestamp: 0,
  EventDestinations:
    logGroup === undefined
      ? []
      : [
          {
            EventDestinationName: 'receipts',
            Enabled: enabled,
            MatchingEventTypes: ['ALL'],
            CloudWatchLogsDestination: {
              IamRoleArn: 'arn:aws:iam::000000000000:role/receipts',
              LogGroupArn: `${account}:${logGroup}:*`,
            },
          },
        ],
});

function pageOf<T>(all: readonly T[], token: unknown, size: number) {
  const from = typeof token === 'string' ? Number(token) : 0;
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}

function messageIdIn(message: string): unknown {
  const json = parseJson(message);
  return json.ok && isObject(json.value) ? json.value['messageId'] : undefined;
}

const refuse = (type: string, message: string) =>
  Response.json({ __type: type, message }, { status: 400, headers: { 'x-amzn-errortype': type } });

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient, ResourceNotFoundException, ScanCommand } from '@aws-sdk/client-dynamodb';
import { OktaOtpError } from '../core/error.ts';
import { askAws } from './ask-aws.ts';

export interface GuidanceTableOptions {
  readonly table: string;
  /** The SDK's own unless given. */
  readonly region?: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string | undefined;
}

/** A table of the AWS guidance: one item a message. It is read, and nothing else. */
export interface GuidanceTable {
  /** All items in DynamoDB's JSON, in no order. Rejects with an error for a person, or the signal's reason. */
  items(signal: AbortSignal): Promise<readonly Readonly<Record<string, AttributeValue>>[]>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** `language` is a reserved word. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html */
const attributes = { '#t': 'messagetype', '#l': 'language', '#m': 'message', '#v': 'voiceid' };

export function createGuidanceTable({ table, region, profile }: GuidanceTableOptions): GuidanceTable {
  const client = new DynamoDBClient({
    logger: silent,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });

  async function scan(abortSignal: AbortSignal) {
    const items: Record<string, AttributeValue>[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          ProjectionExpression: Object.keys(attributes).join(', '),
          ExpressionAttributeNames: attributes,
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
        { abortSignal },
      );
      items.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    return items;
  }

  return {
    items: (signal) =>
      askAws({ what: "the guidance's table", action: 'dynamodb:Scan', profile }, signal, async (inner) => {
        try {
          return await scan(inner);
        } catch (cause) {
          if (!(cause instanceof ResourceNotFoundException)) throw cause;
          const hint = 'compare --from-table, --region and --profile with where the guidance is deployed';
          throw new OktaOtpError('table-not-found', 'there is no such table', { hint, cause });
        }
      }),
    close: () => client.destroy(),
  };
}

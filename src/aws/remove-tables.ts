import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/**
 * Deletes tables that a stack has left behind; one that is not there is fine. Of a table with point-in-time recovery
 * DynamoDB keeps a backup for 35 days.
 */
export async function removeTables(
  access: OperatorAccess,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const client = new DynamoDBClient(operatorSettings(access));
  const ask = createAsk(access, 'the tables');
  try {
    for (const TableName of names) {
      await ask('dynamodb:DeleteTable', signal, async (options) => {
        try {
          await client.send(new DeleteTableCommand({ TableName }), options);
        } catch (error) {
          // In use: it is being deleted already, as a second try finds it.
          const fine = ['ResourceNotFoundException', 'ResourceInUseException'];
          if (!(error instanceof Error && fine.includes(error.name))) throw error;
        }
      });
    }
  } finally {
    client.destroy();
  }
}

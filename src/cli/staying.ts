import type { StackResource } from '../aws/stack.ts';

/** Something that outlives a stack, what it costs, and how it is got rid of. */
export interface Staying {
  readonly what: string;
  readonly cost: string;
  readonly remove: string;
}

const isThere = ({ status, physicalId }: StackResource) => status !== 'DELETE_COMPLETE' && physicalId !== '';

/** The tables of a stack that are there, whatever became of the stack. */
export const tablesOf = (resources: readonly StackResource[]): readonly string[] =>
  resources.filter((of) => of.type === 'AWS::DynamoDB::Table' && isThere(of)).map((of) => of.physicalId);

/**
 * What of a stack's resources is left behind when it is deleted; `options` end every command for the AWS CLI.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/secrets-manager/pricing/ and https://aws.amazon.com/kms/pricing/
 */
export function stayingOf(resources: readonly StackResource[], options: string): readonly Staying[] {
  return resources.filter(isThere).flatMap(({ type, physicalId: id }): readonly Staying[] => {
    switch (type) {
      case 'AWS::DynamoDB::Table':
        return [
          {
            what: `table ${id}`,
            cost: 'cents a month',
            remove: `aws dynamodb delete-table --table-name ${id}${options}`,
          },
        ];
      case 'AWS::SecretsManager::Secret':
        return [
          {
            what: `secret ${id}`,
            cost: '$0.40 a month',
            remove: `aws secretsmanager delete-secret --secret-id ${id}${options}`,
          },
        ];
      case 'AWS::KMS::Key':
        return [
          {
            what: `key ${id}, without which the tables cannot be read`,
            cost: '$1 a month',
            remove: `aws kms schedule-key-deletion --key-id ${id}${options}`,
          },
        ];
      default:
        return [];
    }
  });
}

/** A line for each. */
export const stayingLines = (staying: readonly Staying[]): readonly string[] =>
  staying.map(({ what, cost, remove }) => `  ${what} (${cost}): ${remove}`);

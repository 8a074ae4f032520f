import type { ResourceChange } from '../aws/change-set.ts';
import { readTemplate } from './read-template.ts';
import type { Plain } from './stack-definition.ts';
import { toRecord } from './stack-definition.ts';

/** How a template shifts requests to new versions. */
export interface Canary {
  /** Of the requests that go to the new version at first. */
  readonly percent: number;
  /** Until all of them go there. */
  readonly minutes: number;
  /** The alarms at which it is taken back, by their logical ids. */
  readonly alarms: readonly string[];
}

/**
 * Reads off a template how it shifts requests; undefined if it does not.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export function canaryIn(template: string): Canary | undefined {
  const groups = Object.values(readTemplate(template).resources)
    .filter(({ Type: type }) => type === 'AWS::CodeDeploy::DeploymentGroup')
    .map(({ Properties: properties }) => ({
      configuration: /\.LambdaCanary(\d+)Percent(\d+)Minutes$/.exec(String(properties['DeploymentConfigName'])),
      alarms: listOf(toRecord(properties['AlarmConfiguration'])['Alarms']).map((alarm) =>
        String(toRecord(toRecord(alarm)['Name'])['Ref']),
      ),
    }));
  const configuration = groups[0]?.configuration;
  if (configuration === null || configuration === undefined) return undefined;
  const [, percent, minutes] = configuration;
  return {
    percent: Number(percent),
    minutes: Number(minutes),
    alarms: [...new Set(groups.flatMap(({ alarms }) => alarms))].sort(),
  };
}

/** The aliases that get another version. */
export const movedAliases = (changes: readonly ResourceChange[]): readonly string[] =>
  changes
    .filter(({ type, action }) => type === 'AWS::Lambda::Alias' && action === 'modify')
    .filter(({ parts }) => parts.includes('FunctionVersion'))
    .map(({ logicalId }) => logicalId);

const listOf = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);

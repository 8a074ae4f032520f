import { randomUUID } from 'node:crypto';
import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, ListStackResourcesCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { isObject } from '../../src/core/decode.ts';
import { parseQueryRequest, queryAnswer } from '../../src/local/query-protocol.ts';
import type { Passing } from '../support/recording-proxy.ts';
import type { TemplateForMotoOptions } from './template-for-moto.ts';
import { templateForMoto } from './template-for-moto.ts';

/** A change set as it was asked for. */
interface Asked {
  readonly stackName: string;
  readonly isNew: boolean;
  /** As it came, which GetTemplate has to give back. */
  readonly template: string;
  readonly forMoto: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A resource as a template has it, once its conditions are settled. */
export interface PlannedResource {
  readonly logicalId: string;
  readonly type: string;
}

export interface MotoCloudFormation {
  /** Those of the last change set that was executed. */
  resources(): readonly PlannedResource[];
  /** Answers a call to CloudFormation. */
  answer(passing: Passing): Promise<Response>;
  close(): void;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/**
 * Makes up for what moto's CloudFormation cannot do, by other calls to moto: a stack that came of a change set has no
 * outputs there until it is updated, the change set of an update cannot be executed, aliases are not made, and whoever lists
 * the resources of a deleted stack brings them back.
 * Whatever is not named here goes to moto and comes from it as it is.
 */
export function createMotoCloudFormation(
  url: string,
  standIns: Pick<TemplateForMotoOptions, 'standIns' | 'outputStandIns'>,
): MotoCloudFormation {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
  };
  const stacks = new CloudFormationClient(settings);
  const functions = new LambdaClient(settings);
  const asked = new Map<string, Asked>();
  const templates = new Map<string, string>();
  const deleted = new Map<string, readonly StackResourceSummary[]>();
  let planned: readonly PlannedResource[] = [];

  async function propose({ body, forward }: Passing): Promise<Response> {
    const form = new URLSearchParams(new TextDecoder().decode(body));
    const { input } = parseQueryRequest(form.toString());
    const template = String(input['TemplateBody']);
    const listed = Array.isArray(input['Parameters']) ? input['Parameters'].filter(isObject) : [];
    const parameters = Object.fromEntries(
      listed.map((of) => [String(of['ParameterKey']), String(of['ParameterValue'])]),
    );
    const forMoto = templateForMoto(template, { parameters, ...standIns });
    asked.set(String(input['ChangeSetName']), {
      stackName: String(input['StackName']),
      isNew: input['ChangeSetType'] === 'CREATE',
      template,
      forMoto,
      parameters,
    });
    form.set('TemplateBody', forMoto);
    return await forward(form.toString());
  }

  async function execute({ body, forward }: Passing): Promise<Response> {
    const { input } = parseQueryRequest(new TextDecoder().decode(body));
    // `arn:…:changeSet/<name>/<id>`
    const changeSet = asked.get(String(input['ChangeSetName']).split('/')[1] ?? '');
    if (changeSet === undefined) return await forward();
    const { stackName, isNew, template, forMoto, parameters } = changeSet;
    const answer = isNew ? await forward() : queryAnswer(namespace, 'ExecuteChangeSet', {}, randomUUID());
    if (!answer.ok) return answer;
    await stacks.send(
      new UpdateStackCommand({
        StackName: stackName,
        // moto refuses one that is no other text.
        TemplateBody: isNew ? JSON.stringify({ Description: 'with outputs', ...JSON.parse(forMoto) }) : forMoto,
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    await pointAliases(stackName);
    templates.set(stackName, template);
    planned = resourcesOf(forMoto);
    return answer;
  }

  async function pointAliases(StackName: string): Promise<void> {
    const { StackResourceSummaries = [] } = await stacks.send(new ListStackResourcesCommand({ StackName }));
    for (const { ResourceType, PhysicalResourceId: FunctionName } of StackResourceSummaries) {
      if (ResourceType !== 'AWS::Lambda::Function' || FunctionName === undefined) continue;
      const { Versions = [] } = await functions.send(new ListVersionsByFunctionCommand({ FunctionName }));
      const alias = { FunctionName, Name: 'live', FunctionVersion: Versions.at(-1)?.Version ?? '' };
      await functions
        .send(new UpdateAliasCommand(alias))
        .catch(async () => await functions.send(new CreateAliasCommand(alias)));
    }
  }

  async function remove({ body, forward }: Passing): Promise<Response> {
    const { input } = parseQueryRequest(new TextDecoder().decode(body));
    const StackName = String(input['StackName']);
    const { StackResourceSummaries = [] } = await stacks.send(new ListStackResourcesCommand({ StackName }));
    deleted.set(StackName, StackResourceSummaries);
    return await forward();
  }

  return {
    resources: () => planned,
    async answer(passing) {
      switch (passing.call.operation) {
        case 'CreateChangeSet':
          return await propose(passing);
        case 'ExecuteChangeSet':
          return await execute(passing);
        case 'GetTemplate': {
          const { input } = parseQueryRequest(new TextDecoder().decode(passing.body));
          const template = templates.get(String(input['StackName']));
          if (template === undefined) return await passing.forward();
          return queryAnswer(namespace, 'GetTemplate', { TemplateBody: template }, randomUUID());
        }
        case 'DeleteStack':
          return await remove(passing);
        case 'ListStackResources': {
          const { input } = parseQueryRequest(new TextDecoder().decode(passing.body));
          const listed = deleted.get(String(input['StackName']));
          if (listed === undefined) return await passing.forward();
          const StackResourceSummaries = listed.map(
            ({ LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '' }) => ({
              LogicalResourceId,
              PhysicalResourceId,
              ResourceType,
              ResourceStatus: 'DELETE_COMPLETE',
            }),
          );
          return queryAnswer(namespace, 'ListStackResources', { StackResourceSummaries }, randomUUID());
        }
        default:
          return await passing.forward();
      }
    },
    close() {
      stacks.destroy();
      functions.destroy();
    },
  };
}

function resourcesOf(template: string): readonly PlannedResource[] {
  const parsed: unknown = JSON.parse(template);
  const resources = isObject(parsed) && isObject(parsed['Resources']) ? parsed['Resources'] : {};
  return Object.entries(resources).map(([logicalId, of]) => ({
    logicalId,
    type: isObject(of) ? String(of['Type']) : '',
  }));
}

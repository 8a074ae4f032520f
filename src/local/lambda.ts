import { isObject } from '../core/decode.ts';
import type { ResourceAction } from './cloudformation/account.ts';
import type { Invocable } from './function-pool.ts';
import type { JsonResult, JsonService } from './json-service.ts';
import { createJsonService } from './json-service.ts';
import type { RequestLog } from './request-log.ts';

export interface LambdaOptions {
  readonly region: string;
  readonly accountId: string;
  readonly log: RequestLog;
  /** What runs when a function is invoked, by its logical id in its stack; without one the function is not there to run. */
  readonly functionOf?: (logicalId: string) => Invocable | undefined;
}

export interface Lambda extends JsonService {
  /** Makes a function, version or alias of a stack, or deletes it. */
  provision(action: ResourceAction): void;
}

interface FunctionState {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Published versions, the number to the configuration as it was then. */
  readonly versions: Map<string, Readonly<Record<string, unknown>>>;
  readonly aliases: Map<string, Readonly<Record<string, unknown>>>;
}

/** AWS gives up to fifty; few enough here that a second page is nothing rare. */
const versionsAPage = 2;

/** Lambda's control plane as far as a stack's functions are looked at, and their invocation. */
export function createLambda({ region, accountId, log, functionOf }: LambdaOptions): Lambda {
  const functions = new Map<string, FunctionState>();
  const arnOf = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;

  /** A function is named by its name, its ARN, or either with a qualifier. */
  function find(reference: string, qualifier: string | null) {
    const parts = reference.startsWith('arn:') ? reference.split(':').slice(6) : reference.split(':');
    const [name = '', own] = parts;
    return { name, qualifier: qualifier ?? own ?? '$LATEST', state: functions.get(name) };
  }

  const missing = (reference: string): JsonResult => ({
    refusal: { status: 404, type: 'ResourceNotFoundException', message: `Function not found: ${arnOf(reference)}` },
  });

  /** The version behind `$LATEST`, a number or an alias. */
  function resolve({ versions, aliases, properties }: FunctionState, qualifier: string) {
    if (qualifier === '$LATEST') return { version: qualifier, properties };
    const version = String(aliases.get(qualifier)?.['FunctionVersion'] ?? qualifier);
    const published = versions.get(version);
    return published === undefined ? undefined : { version, properties: published };
  }

  const service = createJsonService({
    service: 'lambda',
    log,
    operations: [
      {
        name: 'GetAlias',
        isMutating: false,
        method: 'GET',
        path: /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/,
        act({ labels: [reference = '', aliasName = ''] }) {
          const { name, state } = find(reference, null);
          const alias = state?.aliases.get(aliasName);
          if (alias === undefined) return missing(`${name}:${aliasName}`);
          return {
            body: {
              AliasArn: `${arnOf(name)}:${aliasName}`,
              Name: aliasName,
              FunctionVersion: alias['FunctionVersion'],
              Description: alias['Description'] ?? '',
              RoutingConfig: toRouting(alias['RoutingConfig']),
            },
          };
        },
      },
      {
        name: 'UpdateAlias',
        isMutating: true,
        method: 'PUT',
        path: /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/,
        act({ labels: [reference = '', aliasName = ''], body }) {
          const { name, state } = find(reference, null);
          const alias = state?.aliases.get(aliasName);
          const version = isObject(body) ? String(body['FunctionVersion']) : '';
          if (state === undefined || alias === undefined || !state.versions.has(version)) {
            return missing(`${name}:${aliasName}`);
          }
          state.aliases.set(aliasName, { ...alias, FunctionVersion: version, RoutingConfig: undefined });
          return { body: { AliasArn: `${arnOf(name)}:${aliasName}`, Name: aliasName, FunctionVersion: version } };
        },
      },
      {
        name: 'ListVersionsByFunction',
        isMutating: false,
        method: 'GET',
        path: /^\/2015-03-31\/functions\/([^/]+)\/versions$/,
        act({ labels: [reference = ''], query }) {
          const { name, state } = find(reference, null);
          if (state === undefined) return missing(name);
          const all = ['$LATEST', ...state.versions.keys()];
          const from = Number(query.get('Marker') ?? 0);
          const to = from + versionsAPage;
          return {
            body: {
              Versions: all.slice(from, to).map((Version) => ({ FunctionName: name, Version })),
              ...(to < all.length ? { NextMarker: String(to) } : {}),
            },
          };
        },
      },
      {
        name: 'GetFunctionConfiguration',
        isMutating: false,
        method: 'GET',
        path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
        act({ labels: [reference = ''], query }) {
          const { name, qualifier, state } = find(reference, query.get('Qualifier'));
          const found = state === undefined ? undefined : resolve(state, qualifier);
          if (found === undefined) return missing(name);
          const { properties, version } = found;
          return {
            body: {
              FunctionName: name,
              FunctionArn: qualifier === '$LATEST' ? arnOf(name) : `${arnOf(name)}:${qualifier}`,
              Version: version,
              Runtime: properties['Runtime'],
              Role: properties['Role'],
              Handler: properties['Handler'],
              Description: properties['Description'] ?? '',
              Timeout: Number(properties['Timeout'] ?? 3),
              MemorySize: Number(properties['MemorySize'] ?? 128),
              Environment: properties['Environment'],
              State: 'Active',
              LastUpdateStatus: 'Successful',
            },
          };
        },
      },
      {
        name: 'Invoke',
        isMutating: true,
        method: 'POST',
        path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
        async act({ labels: [reference = ''], query, body }) {
          const { name, qualifier, state } = find(reference, query.get('Qualifier'));
          const found = state === undefined ? undefined : resolve(state, qualifier);
          const invocable = state === undefined ? undefined : functionOf?.(state.logicalId);
          if (found === undefined || invocable === undefined) return missing(name);
          const result = await invocable.invoke(body);
          const headers = { 'x-amz-executed-version': found.version };
          if (result.kind === 'throttled') {
            return { refusal: { status: 429, type: 'TooManyRequestsException', message: 'Rate Exceeded.' } };
          }
          if (result.kind === 'answered') return { body: result.payload, headers };
          // Why it failed is in the logs; here only that it did.
          const failed = { errorMessage: result.kind === 'timed-out' ? 'Task timed out' : 'The function failed' };
          return { body: failed, headers: { ...headers, 'x-amz-function-error': 'Unhandled' } };
        },
      },
    ],
  });

  return {
    ...service,
    provision({ action, logicalId, type, physicalId, properties }) {
      const isGone = action === 'delete';
      if (type === 'AWS::Lambda::Function') {
        const { versions, aliases } = functions.get(physicalId) ?? { versions: new Map(), aliases: new Map() };
        if (isGone) functions.delete(physicalId);
        else functions.set(physicalId, { logicalId, properties, versions, aliases });
        return;
      }
      const state = find(String(properties['FunctionName']), null).state;
      if (type === 'AWS::Lambda::Version') {
        const number = physicalId.slice(physicalId.lastIndexOf(':') + 1);
        if (isGone) state?.versions.delete(number);
        else state?.versions.set(number, { ...state.properties, Description: properties['Description'] });
      }
      if (type === 'AWS::Lambda::Alias') {
        if (isGone) state?.aliases.delete(String(properties['Name']));
        else state?.aliases.set(String(properties['Name']), properties);
      }
    },
  };
}

/** CloudFormation has a list of weights where Lambda has an object. https://docs.aws.amazon.com/lambda/latest/api/API_AliasRoutingConfiguration.html */
function toRouting(config: unknown) {
  const weights = isObject(config) ? config['AdditionalVersionWeights'] : undefined;
  if (!Array.isArray(weights)) return undefined;
  const entries = weights.filter(isObject).map((of) => [String(of['FunctionVersion']), Number(of['FunctionWeight'])]);
  return { AdditionalVersionWeights: Object.fromEntries(entries) };
}

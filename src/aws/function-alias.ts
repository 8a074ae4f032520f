import {
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/** An alias of a function, with the versions that it leads to. */
export interface FunctionAlias {
  readonly version: string;
  /** The version that gets a share of the requests while a canary runs. */
  readonly shifting: { readonly version: string; readonly share: number } | undefined;
}

export interface Invocation {
  /** What the function gave back, as it stands. */
  readonly payload: string;
  /** The function threw, timed out or could not start. */
  readonly failed: boolean;
}

/** The functions as an operator sees them, by the ARN of their alias. */
export interface Functions {
  /** Undefined when there is no such alias, as in a stack that never came up and has no ARN of one. */
  alias(aliasArn: string, signal: AbortSignal): Promise<FunctionAlias | undefined>;
  /** The published versions of the alias' function, the oldest first. */
  versions(aliasArn: string, signal: AbortSignal): Promise<readonly number[]>;
  /** Points the alias at a version, and takes back the share of any other. */
  moveTo(aliasArn: string, version: string, signal: AbortSignal): Promise<void>;
  invoke(aliasArn: string, event: unknown, signal: AbortSignal): Promise<Invocation>;
  close(): void;
}

export function createFunctions(access: OperatorAccess): Functions {
  const client = new LambdaClient(operatorSettings(access));
  const ask = createAsk(access, 'the functions');
  return {
    async alias(aliasArn, signal) {
      if (aliasArn === '') return undefined;
      const { FunctionName, Name } = partsOf(aliasArn);
      return await ask('lambda:GetAlias', signal, async (options) => {
        try {
          const found = await client.send(new GetAliasCommand({ FunctionName, Name }), options);
          const [shifting] = Object.entries(found.RoutingConfig?.AdditionalVersionWeights ?? {});
          return {
            version: found.FunctionVersion ?? '',
            shifting: shifting === undefined ? undefined : { version: shifting[0], share: shifting[1] },
          };
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      });
    },

    async versions(aliasArn, signal) {
      const { FunctionName } = partsOf(aliasArn);
      const found: number[] = [];
      let Marker: string | undefined;
      do {
        const from = Marker === undefined ? {} : { Marker };
        const page = await ask('lambda:ListVersionsByFunction', signal, (options) =>
          client.send(new ListVersionsByFunctionCommand({ FunctionName, ...from }), options),
        );
        // `$LATEST` is one of them, and no version that was published.
        found.push(...(page.Versions ?? []).map(({ Version }) => Number(Version)).filter(Number.isInteger));
        Marker = page.NextMarker;
      } while (Marker !== undefined);
      return found.toSorted((a, b) => a - b);
    },

    async moveTo(aliasArn, FunctionVersion, signal) {
      const RoutingConfig = { AdditionalVersionWeights: {} };
      await ask('lambda:UpdateAlias', signal, (options) =>
        client.send(new UpdateAliasCommand({ ...partsOf(aliasArn), FunctionVersion, RoutingConfig }), options),
      );
    },

    async invoke(aliasArn, event, signal) {
      const { Payload, FunctionError } = await ask('lambda:InvokeFunction', signal, (options) =>
        client.send(new InvokeCommand({ FunctionName: aliasArn, Payload: JSON.stringify(event) }), options),
      );
      return { payload: Payload?.transformToString() ?? '', failed: FunctionError !== undefined };
    },

    close: () => client.destroy(),
  };
}

/** `arn:aws:lambda:<region>:<account>:function:<name>:<alias>` */
function partsOf(aliasArn: string): { readonly FunctionName: string; readonly Name: string } {
  const colon = aliasArn.lastIndexOf(':');
  return { FunctionName: aliasArn.slice(0, colon), Name: aliasArn.slice(colon + 1) };
}

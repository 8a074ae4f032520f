import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { decode, object, parseJson, string } from '../core/decode.ts';
import { OktaOtpError } from '../core/error.ts';
import { askAws } from './ask-aws.ts';

export interface FunctionInvokerOptions {
  /** Name or ARN, with or without an alias. */
  readonly functionName: string;
  /** The ARN's own unless given, then the SDK's. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** What became of an invocation; of a function's error only its type is kept, since its message may quote anything. */
export type Invoked =
  | { readonly kind: 'answered'; readonly payload: unknown }
  | { readonly kind: 'function-error'; readonly errorType: string };

/** A function that a person may invoke. Rejects with an error for a person, or the signal's reason. */
export interface FunctionInvoker {
  invoke(event: unknown, signal: AbortSignal): Promise<Invoked>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const functionError = object({ errorType: string({ max: 64, pattern: /^[\w.]+$/ }) });

export function createFunctionInvoker({ functionName, region, profile }: FunctionInvokerOptions): FunctionInvoker {
  const named = region ?? (functionName.startsWith('arn:') ? functionName.split(':')[3] : undefined);
  const client = new LambdaClient({
    logger: silent,
    // An invocation that is tried again could send twice.
    maxAttempts: 1,
    ...(named === undefined ? {} : { region: named }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    async invoke(event, signal) {
      const { Payload, FunctionError } = await askAws(
        { what: 'the function', action: 'lambda:InvokeFunction', profile },
        signal,
        async (abortSignal) => {
          try {
            return await client.send(
              new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
              { abortSignal },
            );
          } catch (error) {
            if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
            throw new OktaOtpError('function-not-found', 'there is no such function, or it has no such alias', {
              hint: 'compare the name with the stack, and --region and --profile with where it is',
              cause: error,
            });
          }
        },
      );
      const json = parseJson(Payload?.transformToString() ?? '');
      if (FunctionError === undefined) return { kind: 'answered', payload: json.ok ? json.value : undefined };
      const error = json.ok ? decode(functionError, json.value) : json;
      return { kind: 'function-error', errorType: error.ok ? error.value.errorType : 'an error without a type' };
    },
    close: () => client.destroy(),
  };
}

import type { Decoded, Decoder } from '../../core/decode.ts';
import {
  array,
  choose,
  decode,
  exactObject,
  object,
  oneOf,
  optional,
  record,
  refine,
  string,
} from '../../core/decode.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** What an authorizer said of a token, good for any method of the API. */
export interface AuthorizerResult {
  readonly principalId: string;
  readonly statements: readonly Statement[];
  /** Numbers and booleans become strings, as the integration sees them. */
  readonly context: Readonly<Record<string, string>>;
}

export type PolicyDecision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const largestResultBytes = 8 * 1024;

const oneOrMany = <T>(decoder: Decoder<T>): Decoder<readonly T[]> =>
  choose<readonly T[]>((value) => (Array.isArray(value) ? array(decoder) : refine(decoder, (one) => [one])));

// Conditions, principals and negated elements are not evaluated here, so a policy that has some is refused.
const statement = exactObject({
  Sid: optional(string()),
  Effect: oneOf(['Allow', 'Deny']),
  Action: oneOrMany(string()),
  Resource: oneOrMany(string()),
});

const contextValue = choose<string>((value) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? (scalar) => String(scalar) : string(),
);

const authorizerResult = object({
  principalId: string(),
  policyDocument: object({
    Version: optional(oneOf(['2012-10-17', '2008-10-17'])),
    Statement: oneOrMany(statement),
  }),
  context: optional(record(contextValue)),
});

/**
 * Decodes what a Lambda authorizer gives back.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function parseAuthorizerResult(payload: unknown): Decoded<AuthorizerResult> {
  if (Buffer.byteLength(JSON.stringify(payload) ?? '') > largestResultBytes) {
    return { ok: false, problems: [{ path: '', message: 'is larger than 8 KB' }] };
  }
  const decoded = decode(authorizerResult, payload);
  if (!decoded.ok) return decoded;
  const { principalId, policyDocument, context } = decoded.value;
  return { ok: true, value: { principalId, statements: policyDocument.Statement, context: context ?? {} } };
}

/**
 * Decides by IAM's rules: a matching Deny wins, then a matching Allow; nothing that matches is a deny too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(statements: readonly Statement[], methodArn: string): PolicyDecision {
  const matching = statements.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => wildcard(pattern, 'i').test('execute-api:Invoke')) &&
      Resource.some((pattern) => wildcard(pattern, '').test(methodArn)),
  );
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  return matching.length > 0 ? 'allow' : 'implicit-deny';
}

// Actions are compared without regard to case, resources with it.
const wildcard = (pattern: string, flags: '' | 'i') => {
  const literal = pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, `s${flags}`);
};

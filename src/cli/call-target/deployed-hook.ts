import { array, decode, object, parseJson, string } from '../../core/decode.ts';
import type { TokenSettings } from '../../deploy/environment.ts';
import type { HopFailure } from '../call-report.ts';

/** What is known of a hook that was found by `--env`, beyond its URL. */
export interface DeployedHook {
  /** The environment's name. */
  readonly environment: string;
  readonly region: string;
  /** Whose tokens the authorizer is to accept, by `okta-otp.json`. */
  readonly accepts: readonly TokenSettings[];
  /** The stack's outputs, log groups among them. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The claims by which the authorizer decides; nothing of them is secret. */
export interface TokenClaims {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly clientId: string;
  readonly scopes: readonly string[];
}

const claims = object({ iss: string(), aud: (value: unknown) => value, cid: string(), scp: array(string()) });

/** What a token says of itself, without a look at who has signed it; undefined for one that is not Okta's. */
export function readClaims(token: string): TokenClaims | undefined {
  const [, payload = ''] = token.split('.');
  const json = parseJson(Buffer.from(payload, 'base64url').toString());
  const decoded = json.ok ? decode(claims, json.value) : undefined;
  if (decoded?.ok !== true) return undefined;
  const { iss, aud, cid, scp } = decoded.value;
  return { issuer: iss, audience: [aud].flat().map(String), clientId: cid, scopes: scp };
}

/** The authorizer's own defaults, for settings that are not given. */
const defaultAudience = 'api://default';

/** Why the authorizer refuses a token, by comparing it with the settings that it was given, and what to do. */
export function whyRefused(
  { issuer, audience, clientId, scopes }: TokenClaims,
  { accepts, environment }: DeployedHook,
): Pick<HopFailure, 'means' | 'next'> {
  const redeploy = `correct okta-otp.json and run okta-otp deploy --env ${environment}`;
  if (!accepts.some((trust) => trust.clientIds.length > 0 && trust.scope !== undefined)) {
    return {
      means: 'it accepts no token at all: okta-otp.json has no clientIds or no scope yet',
      next: `put clientIds and scope of the Okta hook into okta-otp.json and run okta-otp deploy --env ${environment}`,
    };
  }
  const trust = accepts.find((candidate) => candidate.issuer === issuer);
  const of = (claim: string, got: string, wanted: string, option?: string) => ({
    means: `it does not trust the token: its ${claim} is ${got}, and okta-otp.json accepts ${wanted}`,
    next: option === undefined ? redeploy : `give another ${option}, or ${redeploy}`,
  });
  if (trust === undefined) return of('issuer', issuer, accepts.map((known) => known.issuer).join(', '), '--issuer');
  const wanted = trust.audience ?? defaultAudience;
  if (!audience.includes(wanted)) return of('audience', audience.join(', '), wanted);
  if (!trust.clientIds.includes(clientId)) return of('client', clientId, trust.clientIds.join(', '), '--client-id');
  if (!scopes.includes(trust.scope ?? '')) return of('scope', scopes.join(' '), trust.scope ?? '', '--scope');
  return {
    means:
      'it does not trust the token, though okta-otp.json would: what is deployed may be older, or its keys are not had',
    next: `okta-otp diff --env ${environment}`,
  };
}

/** The log in which a hop tells more, as a command; undefined for a hop without one. */
export function logCommand(hop: HopFailure['hop'], { outputs, region }: DeployedHook): string | undefined {
  const output = logOutputs[hop];
  const group = output === undefined ? undefined : outputs[output];
  return group === undefined ? undefined : `aws logs tail ${group} --since 10m --region ${region}`;
}

const logOutputs: Readonly<Partial<Record<HopFailure['hop'], string>>> = {
  firewall: 'FirewallLogGroup',
  gateway: 'AccessLogGroup',
  authorizer: 'AuthorizerLogGroup',
  sender: 'SenderLogGroup',
};

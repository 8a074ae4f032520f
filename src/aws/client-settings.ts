import type { Http } from '../net/http.ts';
import { createTransport } from './transport.ts';

/** Where AWS is for this process, and as whom it is called. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * Settings for an SDK client that calls once and looks nothing up: no retries (the SDK's three take longer than Okta
 * waits), no profile files, no default chains, our own connections.
 */
export function clientSettings(access: AwsAccess, http: Http, endpoint: string | undefined) {
  return {
    region: access.region,
    credentials: access.credentials,
    requestHandler: createTransport(http),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    authSchemePreference: ['sigv4'],
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: async () => undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

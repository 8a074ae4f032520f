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

/** The services that are called, by the first part of their host name. */
export type AwsService = 'dynamodb' | 'sms-voice' | 'sqs';

/**
 * Settings for an SDK client that calls once and looks nothing up: no retries (the SDK's three take longer than Okta
 * waits), no profile files, no default chains, no endpoint rules, our own connections.
 */
export function clientSettings(
  access: AwsAccess,
  http: Http,
  { service, endpoint }: { readonly service: AwsService; readonly endpoint: string | undefined },
) {
  return {
    region: access.region,
    credentials: access.credentials,
    requestHandler: createTransport(http),
    // Without one the SDK looks into profile files for it, at the first call of every container.
    endpoint: endpoint ?? endpointOf(service, access.region),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    authSchemePreference: ['sigv4'],
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: async () => undefined,
  };
}

/** The Regions whose names end otherwise. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
];

function endpointOf(service: AwsService, region: string): string {
  const [, domain = 'amazonaws.com'] = domains.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return `https://${service}.${region}.${domain}`;
}

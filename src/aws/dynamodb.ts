import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Http } from '../net/http.ts';
import type { AwsAccess } from './client-settings.ts';
import { clientSettings } from './client-settings.ts';

/** A client for the two tables; `endpoint` overrides the service's own address. */
export function createDynamoDb(access: AwsAccess, http: Http, endpoint: string | undefined): DynamoDBClient {
  return new DynamoDBClient({
    ...clientSettings(access, http, { service: 'dynamodb', endpoint }),
    accountIdEndpointMode: 'disabled',
    endpointDiscoveryEnabledProvider: async () => false,
  });
}

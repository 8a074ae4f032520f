import { isObject } from '../core/decode.ts';
import type { Iam } from './iam.ts';
import type { JsonService } from './json-service.ts';
import { createJsonService } from './json-service.ts';
import type { RequestLog } from './request-log.ts';

export interface ApiGatewayAccountOptions {
  readonly now: () => number;
  readonly iam: Pick<Iam, 'role'>;
  readonly log: RequestLog;
  /** How long a new role is not yet known to API Gateway; none when absent. IAM is eventually consistent. */
  readonly roleDelayMs?: number;
  /** The logging role that the account has from the start. */
  readonly cloudwatchRoleArn?: string | undefined;
}

export interface ApiGatewayAccount extends JsonService {
  cloudwatchRoleArn(): string | undefined;
}

/** The policy that the logging role needs. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const pushToLogs = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/** The part of API Gateway's control plane that is one for a whole account: its logging role. */
export function createApiGatewayAccount(options: ApiGatewayAccountOptions): ApiGatewayAccount {
  const { now, iam, log, roleDelayMs = 0 } = options;
  let { cloudwatchRoleArn } = options;

  const account = () => ({
    cloudwatchRoleArn,
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  });
  const isUsable = (arn: string) => {
    const role = iam.role(arn);
    return (
      role?.policyArns.has(pushToLogs) === true &&
      role.assumeRolePolicy.includes('apigateway.amazonaws.com') &&
      role.createdAt + roleDelayMs <= now()
    );
  };

  const service = createJsonService({
    service: 'apigateway',
    log,
    operations: [
      {
        name: 'GetAccount',
        isMutating: false,
        method: 'GET',
        path: /^\/account$/,
        act: () => ({ body: account() }),
      },
      {
        name: 'UpdateAccount',
        isMutating: true,
        method: 'PATCH',
        path: /^\/account$/,
        act({ body }) {
          const patches = isObject(body) && Array.isArray(body['patchOperations']) ? body['patchOperations'] : [];
          const [patch, ...others] = patches.filter(isObject);
          const value = patch?.['value'];
          const isRole = patch?.['op'] === 'replace' && patch['path'] === '/cloudwatchRoleArn' && others.length === 0;
          if (!isRole || typeof value !== 'string') return badRequest('Invalid patch operation');
          if (!isUsable(value)) {
            return badRequest('The role ARN does not have required permissions set to API Gateway');
          }
          cloudwatchRoleArn = value;
          return { body: account() };
        },
      },
    ],
  });
  return { ...service, cloudwatchRoleArn: () => cloudwatchRoleArn };
}

const badRequest = (message: string) => ({ refusal: { status: 400, type: 'BadRequestException', message } });

import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { OktaOtpError } from '../core/error.ts';
import { pause } from '../core/pause.ts';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/**
 * The role by which API Gateway writes logs: one for all APIs of an account and Region, so that no stack may own it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export interface ApiLoggingRole {
  /** Of the role that `create` makes. */
  readonly roleName: string;
  /** The role's ARN; undefined when the account has none. */
  current(signal: AbortSignal): Promise<string | undefined>;
  /** Makes a role and gives it to API Gateway. */
  create(partition: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** A new role is not known everywhere at once; API Gateway refuses it for some seconds. */
const attempts = 12;
const betweenAttemptsMs = 5_000;

export interface ApiLoggingRoleOptions extends OperatorAccess {
  /** It outlives every stack, and its name says whose it is: `<namePrefix>-api-gateway-logs`. */
  readonly namePrefix: string;
}

export function createApiLoggingRole({ namePrefix, ...access }: ApiLoggingRoleOptions): ApiLoggingRole {
  const roleName = `${namePrefix}-api-gateway-logs`;
  const api = new APIGatewayClient(operatorSettings(access));
  const iam = new IAMClient(operatorSettings(access));
  const askApi = createAsk(access, "API Gateway's account settings");
  const askIam = createAsk(access, 'the role by which API Gateway writes logs');

  async function ensureRole(signal: AbortSignal): Promise<string> {
    await askIam('iam:CreateRole', signal, async (options) => {
      try {
        await iam.send(
          new CreateRoleCommand({
            RoleName: roleName,
            Description: 'API Gateway writes its logs by it, of all APIs of this account.',
            AssumeRolePolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            }),
          }),
          options,
        );
      } catch (error) {
        if (!(error instanceof Error && error.name.startsWith('EntityAlreadyExists'))) throw error;
      }
    });
    const { Role } = await askIam('iam:GetRole', signal, (options) =>
      iam.send(new GetRoleCommand({ RoleName: roleName }), options),
    );
    return Role?.Arn ?? '';
  }

  return {
    roleName,

    async current(signal) {
      const { cloudwatchRoleArn } = await askApi('apigateway:GET', signal, (options) =>
        api.send(new GetAccountCommand({}), options),
      );
      return cloudwatchRoleArn === '' ? undefined : cloudwatchRoleArn;
    },

    async create(partition, signal) {
      const value = await ensureRole(signal);
      await askIam('iam:AttachRolePolicy', signal, (options) =>
        iam.send(
          new AttachRolePolicyCommand({
            RoleName: roleName,
            PolicyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
          }),
          options,
        ),
      );
      for (let left = attempts; ; left -= 1) {
        const accepted = await askApi('apigateway:PATCH', signal, async (options) => {
          try {
            const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value }];
            await api.send(new UpdateAccountCommand({ patchOperations }), options);
            return true;
          } catch (error) {
            if (error instanceof Error && error.name === 'BadRequestException') return false;
            throw error;
          }
        });
        if (accepted) return;
        if (left === 1) {
          throw new OktaOtpError(
            'logging-role-refused',
            'API Gateway does not accept the role by which it writes logs',
            { hint: 'run the command again in a minute' },
          );
        }
        await pause({ clock: access.clock, ms: betweenAttemptsMs }, signal);
      }
    },

    close() {
      api.destroy();
      iam.destroy();
    },
  };
}

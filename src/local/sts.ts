import type { QueryService } from './query-service.ts';
import { createQueryService } from './query-service.ts';
import type { RequestLog } from './request-log.ts';

export interface StsOptions {
  readonly accountId: string;
  readonly log: RequestLog;
}

/** STS: whose credentials these are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const createSts = ({ accountId, log }: StsOptions): QueryService =>
  createQueryService({
    service: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    log,
    operations: {
      GetCallerIdentity: {
        isMutating: false,
        act: () => ({
          result: { UserId: 'AIDALOCALOPERATOR', Account: accountId, Arn: `arn:aws:iam::${accountId}:user/operator` },
        }),
      },
    },
  });

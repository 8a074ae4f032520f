import { parseJson } from '../core/decode.ts';
import type { QueryService } from './query-service.ts';
import { createQueryService } from './query-service.ts';
import type { RequestLog } from './request-log.ts';

export interface IamOptions {
  readonly now: () => number;
  readonly accountId: string;
  readonly log: RequestLog;
}

export interface IamRole {
  readonly name: string;
  readonly arn: string;
  readonly assumeRolePolicy: string;
  readonly createdAt: number;
  readonly policyArns: Set<string>;
}

export interface Iam extends QueryService {
  role(nameOrArn: string): IamRole | undefined;
}

/** IAM: the roles of an account. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export function createIam({ now, accountId, log }: IamOptions): Iam {
  const roles = new Map<string, IamRole>();

  const noRole = (name: string) => ({
    refusal: { status: 404, code: 'NoSuchEntity', message: `The role with name ${name} cannot be found.` },
  });
  const toRole = ({ name, arn, assumeRolePolicy, createdAt }: IamRole) => ({
    Path: arn.slice(arn.indexOf(':role') + 5, arn.length - name.length),
    RoleName: name,
    RoleId: `AROA${name.replace(/\W/g, '').toUpperCase().slice(0, 17)}`,
    Arn: arn,
    CreateDate: new Date(createdAt),
    // URL-encoded, as the service gives it. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
    AssumeRolePolicyDocument: encodeURIComponent(assumeRolePolicy),
  });

  const service = createQueryService({
    service: 'iam',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    log,
    operations: {
      GetRole: {
        isMutating: false,
        act: ({ RoleName: name = '' }) => {
          const role = roles.get(name);
          return role === undefined ? noRole(name) : { result: { Role: toRole(role) } };
        },
      },
      CreateRole: {
        isMutating: true,
        act: ({ RoleName: name = '', AssumeRolePolicyDocument: policy = '', Path: path = '/' }) => {
          if (roles.has(name)) {
            const message = `Role with name ${name} already exists.`;
            return { refusal: { status: 409, code: 'EntityAlreadyExists', message } };
          }
          if (!parseJson(policy).ok) {
            const message = 'This policy contains invalid Json';
            return { refusal: { status: 400, code: 'MalformedPolicyDocument', message } };
          }
          const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
          const role = { name, arn, assumeRolePolicy: policy, createdAt: now(), policyArns: new Set<string>() };
          roles.set(name, role);
          return { result: { Role: toRole(role) } };
        },
      },
      AttachRolePolicy: {
        isMutating: true,
        act: ({ RoleName: name = '', PolicyArn: policyArn = '' }) => {
          const role = roles.get(name);
          if (role === undefined) return noRole(name);
          role.policyArns.add(policyArn);
          return { result: undefined };
        },
      },
      ListAttachedRolePolicies: {
        isMutating: false,
        act: ({ RoleName: name = '' }) => {
          const role = roles.get(name);
          if (role === undefined) return noRole(name);
          const attached = [...role.policyArns].map((arn) => ({
            PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
            PolicyArn: arn,
          }));
          return { result: { AttachedPolicies: attached, IsTruncated: false } };
        },
      },
    },
  });
  return {
    ...service,
    role: (nameOrArn) => [...roles.values()].find(({ name, arn }) => name === nameOrArn || arn === nameOrArn),
  };
}

import type { AwsAccess } from '../aws/client-settings.ts';
import { string } from '../core/decode.ts';
import { setting } from './env.ts';

/** What Lambda itself puts into every function's environment. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export const awsEnv = {
  AWS_REGION: string({ max: 64 }),
  AWS_ACCESS_KEY_ID: string(),
  AWS_SECRET_ACCESS_KEY: string(),
  AWS_SESSION_TOKEN: setting(string()),
};

/** The function's role, as whom it calls AWS. */
export function toAwsAccess(env: {
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN: string | undefined;
}): AwsAccess {
  return {
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  };
}

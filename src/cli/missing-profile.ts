import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CredentialsError, OktaOtpError } from '../core/error.ts';
import type { Context } from './context.ts';

/**
 * An error of missing credentials in better words where the profile is not there at all: the SDK looks for credentials
 * elsewhere then, and says only that it found none. Every other error as it is.
 */
export async function explainProfile(
  error: unknown,
  { env }: Pick<Context, 'env'>,
  profile: string | undefined,
): Promise<unknown> {
  if (!(error instanceof OktaOtpError && error.code === 'credentials-missing') || profile === undefined) return error;
  // https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
  const folder = join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.aws');
  const files = [
    env['AWS_CONFIG_FILE'] ?? join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  if (texts.some((text) => profilesIn(text).includes(profile))) return error;
  return new CredentialsError('profile-unknown', 'the profile is not in the AWS configuration files', {
    hint: 'aws configure list-profiles lists those that are; name one with --profile',
    cause: error,
  });
}

/** `[profile name]` of the one file and `[name]` of the other. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
const profilesIn = (text: string) =>
  [...text.matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^"'\]\n]+?)["']?[ \t]*\]/gm)].map(([, name = '']) => name);

import { isObject, parseJson } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import { Secret } from '../core/secret.ts';
import type { ClientCredentials } from '../okta/client-credentials.ts';
import type { Context } from './context.ts';
import type { TargetFlags } from './describe/test-call.ts';
import { readText } from './read-text.ts';

/** The scope that `okta-otp` sets up. */
const defaultScope = 'telephony.hook';

/** As whom a deployed hook is called: a key or a secret, from a file or the environment, and never from an option. */
export async function readCredentials(context: Context, flags: TargetFlags): Promise<ClientCredentials> {
  const { issuer, clientId, scope = defaultScope } = flags;
  if (flags.deployed !== undefined && clientId === undefined) {
    const { environment } = flags.deployed;
    throw new UsageError('client-missing', 'okta-otp.json has no clientIds of the Okta hook yet', {
      hint: `put clientIds and scope there and run okta-otp deploy --env ${environment}, or give --client-id`,
    });
  }
  if (issuer === undefined || clientId === undefined) {
    throw new UsageError('client-missing', `${issuer === undefined ? '--issuer' : '--client-id'} is missing`, {
      hint: 'okta-otp test-call +34612345678 --url <hook> --issuer https://example.okta.com/oauth2/default --client-id 0oa… --key-file key.pem --key-id <kid>',
    });
  }
  const client = { tokenUrl: `${urlOf(issuer, '--issuer').replace(/\/+$/, '')}/v1/token`, clientId, scope };
  const key = await oneOf(context, { file: flags.keyFile, option: '--key-file', variable: 'OKTA_OTP_CLIENT_KEY' });
  const secret = await oneOf(context, {
    file: flags.secretFile,
    option: '--secret-file',
    variable: 'OKTA_OTP_CLIENT_SECRET',
  });
  if ((key === undefined) === (secret === undefined)) {
    const found = key === undefined ? 'neither a key nor a secret' : 'both a key and a secret';
    throw new UsageError('client-proof', `there is ${found} to get a token with`, {
      hint: 'give one of --key-file, OKTA_OTP_CLIENT_KEY, --secret-file and OKTA_OTP_CLIENT_SECRET',
    });
  }
  if (secret !== undefined) return { ...client, clientSecret: new Secret(secret) };
  const kid = flags.keyId ?? keyIdIn(key ?? '');
  if (kid === undefined) {
    throw new UsageError('key-id-missing', 'the key has no id, and Okta tells keys of one app apart by it', {
      hint: "--key-id: it stands beside the key in the app's public keys in Okta",
    });
  }
  return { ...client, privateKey: new Secret(key ?? ''), kid };
}

/** Okta takes `https` alone; a server on this machine is taken, too. */
export function urlOf(value: string, option: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLocal = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isLocal) || url.username !== '' || url.password !== '') {
    throw new UsageError('url-invalid', `"${option}" must be an https URL without user name or password`, {
      hint: `for example ${option} https://example.com/prod/mfa`,
    });
  }
  return value;
}

/** A file wins over the environment, which may be set for other runs. */
async function oneOf(
  { cwd, env }: Context,
  from: { readonly file: string | undefined; readonly option: string; readonly variable: string },
): Promise<string | undefined> {
  const text =
    from.file === undefined ? env[from.variable] : await readText(cwd, from.file, `the file of ${from.option}`);
  if (from.file !== undefined && text?.trim() === '') {
    throw new UsageError('file-unreadable', `the file of ${from.option} is empty`, { hint: 'compare its name' });
  }
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function keyIdIn(key: string): string | undefined {
  const json = parseJson(key);
  const kid = json.ok && isObject(json.value) ? json.value['kid'] : undefined;
  return typeof kid === 'string' ? kid : undefined;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate that nobody has signed but itself. */
export interface SelfSigned {
  /** As PEM. */
  readonly cert: string;
  readonly key: string;
  /** Where the certificate lies, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  remove(): void;
}

/** Node has nothing that signs X.509, and OpenSSL's command is on most machines; undefined, and said aloud, where it is not. */
export function selfSigned(names: readonly string[]): SelfSigned | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'okta-otp-certificate-'));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const remove = () => rmSync(folder, { recursive: true });
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=okta-otp test', '-addext', `subjectAltName=${names.map(toAltName).join(',')}`];
  try {
    execFileSync('openssl', ['req', ...made, ...subject, '-keyout', key, '-out', file], { stdio: 'pipe' });
  } catch (error) {
    remove();
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    process.stderr.write('\nSKIPPED: there is no openssl here, so nothing is tested over TLS\n\n');
    return undefined;
  }
  return { cert: readFileSync(file, 'utf8'), key: readFileSync(key, 'utf8'), file, remove };
}

const toAltName = (name: string) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`;

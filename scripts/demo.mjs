import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// One SMS and one voice call through the whole chain, on this machine.
const cli = join(import.meta.dirname, '..', 'bin', 'okta-otp.js');
const calls = [
  ['test-call', '+34612345678', '--channel', 'sms', '--locale', 'es-MX', '--otp', '123456'],
  ['test-call', '+33612345678', '--channel', 'voice', '--locale', 'en-GB', '--otp', '123456'],
];
for (const call of calls) {
  process.stdout.write(`$ okta-otp ${call.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [cli, ...call], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

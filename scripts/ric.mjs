import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Runs what a deployment uploads under AWS' own runtime client. That compiles C++ when it is installed, hence its own folder.
const root = join(import.meta.dirname, '..');
const folder = join(root, 'test', 'ric');
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

const client = join(folder, 'node_modules', 'aws-lambda-ric', 'rapid-client.node');
if (!existsSync(client) && !(run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']) && existsSync(client))) {
  process.stderr.write(
    'SKIPPED: aws-lambda-ric could not be installed (it takes cmake, make, g++ and python3), so the functions did not run under it\n',
  );
  process.exit(0);
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
process.exit(run(process.execPath, [vitest, 'run', '--config', 'vitest.ric.config.ts']) ? 0 : 1);

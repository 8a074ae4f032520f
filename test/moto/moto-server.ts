import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RunningServer } from '../../src/local/serve.ts';

/** Starts the moto server, which keeps an AWS account in memory; `binary` is the path of `moto_server`. */
export async function startMoto(binary: string): Promise<RunningServer> {
  const child = spawn(binary, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // AWS' own policies, of which the logging role needs one. https://docs.getmoto.org/en/latest/docs/configuration/index.html
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true', PYTHONWARNINGS: 'ignore' },
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const read = (text: string) => {
      said += text;
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the moto server did not start: ${said}`)));
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}

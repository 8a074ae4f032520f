import { execFile } from 'node:child_process';

/** Git answers at once or not at all; a command does not wait for a folder on a network. */
const answerWithinMs = 2_000;

/** Asks git for `user.name` as it is configured in a folder; undefined where there is none, or no git. */
export function gitAuthor(cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('git', ['config', 'user.name'], { cwd, timeout: answerWithinMs }, (error, stdout) => {
      const name = error === null ? stdout.trim() : '';
      resolve(name === '' ? undefined : name);
    });
  });
}

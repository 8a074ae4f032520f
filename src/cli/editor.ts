import { spawn } from 'node:child_process';

/**
 * Opens a file in a person's editor and waits for its end; gives the exit code, as a shell would where it does not start.
 *
 * Its output goes to stderr: stdout carries the result of the command.
 */
export function openEditor(editor: string, file: string): Promise<number> {
  const stdio = ['inherit', 2, 2] as const;
  return new Promise((resolve, reject) => {
    // An editor comes with arguments (`code --wait`), for which a shell has to read it, as it does for git.
    const child =
      process.platform === 'win32'
        ? spawn(`${editor} "${file}"`, { shell: true, stdio: [...stdio] })
        : spawn('/bin/sh', ['-c', `${editor} "$@"`, 'sh', file], { stdio: [...stdio] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

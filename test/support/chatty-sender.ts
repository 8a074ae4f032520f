import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { functionBundle } from '../../src/cli/paths.ts';

/** Writes a bundle to a folder that is the sender, but for a line with everything that it was asked. */
export async function chattySender(folder: string): Promise<string> {
  const file = join(folder, 'index.cjs');
  const real = JSON.stringify(functionBundle('sender'));
  await writeFile(
    file,
    `const { handler } = require(${real});
exports.handler = (event, context) => {
  console.log(event.body);
  return handler(event, context);
};
`,
  );
  return file;
}

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../core/error.ts';
import type { Environments } from '../deploy/config.ts';
import { configFile, parseConfig } from '../deploy/config.ts';
import type { Environment } from '../deploy/environment.ts';
import type { Context } from './context.ts';
import { createLineFinder } from './json-lines.ts';
import { nearest } from './nearest.ts';

/** As commander has parsed them. */
export interface EnvironmentFlags {
  /** The file, where it is not the `okta-otp.json` of this folder. */
  readonly config?: string;
  /** The environment's name. */
  readonly env?: string;
}

/** Which folder of a catalog is meant. */
export interface FolderFlags extends EnvironmentFlags {
  readonly dir?: string;
}

export interface ChosenEnvironment {
  readonly environment: Environment;
  /** The file that it stands in. */
  readonly file: string;
  /** Its catalog, as an absolute path. */
  readonly catalogFolder: string;
}

/** Reads `okta-otp.json` and takes the environment that is meant: the named one, or the only one. */
export async function chooseEnvironment(
  context: Pick<Context, 'cwd'>,
  flags: EnvironmentFlags,
): Promise<ChosenEnvironment> {
  const file = resolve(context.cwd, flags.config ?? configFile);
  const text = await readConfigText(file);
  if (text === undefined) {
    throw new UsageError('config-missing', `there is no ${basename(file)} here`, {
      hint: flags.config === undefined ? 'okta-otp init' : 'compare --config with the name of the file',
    });
  }
  const environment = pick(environmentsIn(text, file), flags.env);
  return { environment, file, catalogFolder: resolve(dirname(file), environment.catalog) };
}

/**
 * The environment that a command works on where its own options say nothing: the named one, or the only one of
 * `okta-otp.json`. Undefined when none is named and there is no such file, or several stand in it.
 */
export async function impliedEnvironment(
  context: Pick<Context, 'cwd'>,
  flags: EnvironmentFlags,
): Promise<ChosenEnvironment | undefined> {
  if (flags.env === undefined && flags.config === undefined) {
    const file = resolve(context.cwd, configFile);
    const text = await readConfigText(file);
    if (text === undefined || environmentsIn(text, file).size !== 1) return undefined;
  }
  return await chooseEnvironment(context, flags);
}

/** Throws where `okta-otp.json` has several environments and none is named: that is what is missing then. */
export async function refuseUnnamed(context: Pick<Context, 'cwd'>, flags: EnvironmentFlags): Promise<void> {
  if ((await readConfigText(resolve(context.cwd, configFile))) !== undefined) await chooseEnvironment(context, flags);
}

/** The folder of the catalog that is meant: the one of `--dir`, or that of the environment; undefined for the usual one. */
export const catalogFolderOf = async (
  context: Pick<Context, 'cwd'>,
  { dir, ...flags }: FolderFlags,
): Promise<string | undefined> => dir ?? (await impliedEnvironment(context, flags))?.catalogFolder;

/** The options by which another command works on the same folder. */
export const sameFolder = ({ dir, env }: FolderFlags) =>
  [dir === undefined ? '' : ` --dir ${dir}`, env === undefined ? '' : ` --env ${env}`].join('');

/** The file's text; undefined when it is not there. Throws for one that cannot be read. */
export async function readConfigText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError('config-unreadable', `${basename(file)} cannot be read`, {
      hint: 'it has to be a file that you may read',
      cause: error,
    });
  }
}

/** The environments of a text; throws with all of its problems, each with its line. */
export function environmentsIn(text: string, file: string): Environments {
  const parsed = parseConfig(text);
  if (parsed.ok) return parsed.value;
  const lineOf = createLineFinder(text);
  const lines = parsed.problems
    .map(({ path, message }) => ({ line: lineOf(path), words: path === '' ? message : `${path} ${message}` }))
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, words }) => `\n  ${basename(file)}:${line} ${words}`);
  throw new UsageError('config-invalid', `${basename(file)} is not valid:${lines.join('')}`, {
    hint: 'correct the file; an editor that knows its $schema shows the same',
  });
}

function pick(environments: Environments, wanted: string | undefined): Environment {
  const names = [...environments.keys()];
  const [only] = environments.values();
  if (wanted === undefined) {
    if (only !== undefined && names.length === 1) return only;
    throw new UsageError('environment-missing', `one of several environments has to be named: ${names.join(', ')}`, {
      hint: `--env ${names[0]}`,
    });
  }
  const found = environments.get(wanted);
  if (found !== undefined) return found;
  const meant = nearest(wanted, names);
  throw new UsageError('environment-unknown', `there is no such environment; there is ${names.join(', ')}`, {
    hint: meant === undefined ? `okta-otp init --env <name> adds one` : `did you mean --env ${meant}?`,
  });
}

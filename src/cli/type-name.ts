import type { Context } from './context.ts';

/** Whether a person types the name of what is meant: a yes is typed too easily. */
export const typesName = async ({ ask }: Pick<Context, 'ask'>, name: string, purpose: string): Promise<boolean> =>
  (await ask(`Type "${name}" to ${purpose}:`)).trim() === name;

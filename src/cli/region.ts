import type { Context } from './context.ts';

/** The Region that the environment names, as the SDK reads it; one that only a profile names is not known here. */
export const regionOf = ({ env }: Pick<Context, 'env'>): string | undefined =>
  env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;

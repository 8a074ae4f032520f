import { readFile } from 'node:fs/promises';
import type { DeployedStack } from '../aws/stack.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { defaultBucket } from '../deploy/artifact-bucket.ts';
import type { PreparedStack } from '../deploy/prepare-stack.ts';
import { prepareStack } from '../deploy/prepare-stack.ts';
import type { StackInput } from '../deploy/stack-parameters.ts';
import { readCatalogFiles } from './catalog-files.ts';
import { validCatalog } from './commands/catalog-push.ts';
import type { Context } from './context.ts';
import type { Deployment } from './deployment.ts';
import { functionBundle, stackTemplate } from './paths.ts';
import { readStanding } from './spend-limits.ts';

export interface PreparedDeployment extends PreparedStack {
  readonly bucket: string;
  readonly catalog: readonly CatalogFile[];
}

export interface PrepareOptions {
  /** As it stands, if it does. */
  readonly stack: DeployedStack | undefined;
  readonly canary: boolean;
  /** Told what could not be found out. */
  readonly warn: (words: string) => void;
}

/** Puts together what is to be deployed, from the files of this package and of the operator; changes nothing anywhere. */
export async function prepareDeployment(
  context: Context,
  deployment: Deployment,
  { stack, canary, warn }: PrepareOptions,
): Promise<PreparedDeployment> {
  const { environment, catalogFolder, caller, region } = deployment;
  const catalog = await readCatalogFiles(catalogFolder);
  validCatalog(catalog);
  const bucket = environment.artifactBucket ?? defaultBucket(environment, caller.account, region);
  const prepared = prepareStack({
    environment,
    region,
    template: await readFile(stackTemplate, 'utf8'),
    bundles: {
      sender: await readFile(functionBundle('sender')),
      authorizer: await readFile(functionBundle('authorizer')),
    },
    catalog,
    bucket,
    spendLimits: await spendLimits(context, deployment, { stack, warn }),
    canary,
  });
  return { ...prepared, bucket, catalog };
}

/** As they are; where they cannot be read, as the stack has them, so that this alone changes nothing. */
async function spendLimits(
  context: Context,
  deployment: Deployment,
  { stack, warn }: Pick<PrepareOptions, 'stack' | 'warn'>,
): Promise<StackInput['spendLimits']> {
  const standing = await readStanding(context, deployment);
  if (standing.tier !== undefined) return standing.limits;
  warn(`The spend limits could not be read (${standing.why}): alarms on them stay as they are.`);
  const known = (name: string) => Number(stack?.parameters[name] ?? 0) || undefined;
  return { text: known('TextSpendLimitUsd'), voice: known('VoiceSpendLimitUsd') };
}

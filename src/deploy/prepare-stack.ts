import type { CatalogFile } from '../core/catalog.ts';
import type { Artifact } from './artifact-bucket.ts';
import { keyIn } from './artifact-bucket.ts';
import type { Environment } from './environment.ts';
import type { WantedStack } from './is-unchanged.ts';
import type { FunctionName } from './package-function.ts';
import { packageFunction } from './package-function.ts';
import { parseStackTemplate } from './stack-definition.ts';
import type { StackInput } from './stack-parameters.ts';
import { toStackParameters } from './stack-parameters.ts';
import { renderStackTemplate } from './stack-template.ts';

export interface StackSources {
  readonly environment: Environment;
  /** That the stack is deployed to. */
  readonly region: string;
  /** The text of `cloudformation/okta-otp.yaml`. */
  readonly template: string;
  readonly bundles: Readonly<Record<FunctionName, Uint8Array>>;
  readonly catalog: readonly CatalogFile[];
  readonly bucket: string;
  readonly spendLimits: StackInput['spendLimits'];
  readonly canary: boolean;
}

export interface PreparedStack extends WantedStack {
  /** The template does not fit into a request. */
  readonly needsBucket: boolean;
  /** The functions' zips. */
  readonly artifacts: readonly Artifact[];
}

/** Puts together what is handed over: the same sources make the same stack, to the byte. */
export function prepareStack(sources: StackSources): PreparedStack {
  const { environment, region, template, bundles, catalog, bucket, spendLimits, canary } = sources;
  const sender = packageFunction({ name: 'sender', bundle: bundles.sender, catalog });
  const authorizer = packageFunction({ name: 'authorizer', bundle: bundles.authorizer });
  const definition = parseStackTemplate(template);
  const parameters = toStackParameters(definition, {
    environment,
    region,
    bucket,
    sender: { key: keyIn(environment, sender.key), hash: sender.sha256 },
    authorizer: { key: keyIn(environment, authorizer.key), hash: authorizer.sha256 },
    spendLimits,
    canary,
  });
  const rendered = renderStackTemplate(definition, parameters);
  return {
    template: rendered.text,
    needsBucket: rendered.needsBucket,
    parameters: Object.fromEntries(parameters.map((of) => [of.ParameterKey, of.ParameterValue])),
    tags: environment.tags,
    artifacts: [sender, authorizer].map(({ key, zip }) => ({ key: keyIn(environment, key), bytes: zip })),
  };
}

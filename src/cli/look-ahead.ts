import type { StoredObject } from '../aws/artifacts.ts';
import type { ResourceChange } from '../aws/change-set.ts';
import type { DeployedStack } from '../aws/stack.ts';
import type { Artifact } from '../deploy/artifact-bucket.ts';
import { handOver, templateArtifact } from '../deploy/artifact-bucket.ts';
import type { Proposal } from '../deploy/propose-changes.ts';
import { inOwnTime, proposeChanges } from '../deploy/propose-changes.ts';
import type { DeployRun } from './deploy-run.ts';
import type { Deployment } from './deployment.ts';
import type { PreparedDeployment } from './prepare-deployment.ts';

/** What a look at the future gives: a change set that waits, or none where CloudFormation could not be asked. */
export interface LookedAhead {
  readonly proposal: Proposal | undefined;
  readonly changes: readonly ResourceChange[];
  /** CloudFormation was not asked: all of the template would be made. */
  readonly isGuess: boolean;
}

export interface LookAheadOptions {
  readonly prepared: PreparedDeployment;
  /** A stack that has to be deleted first, so that no change set can be made. */
  readonly isInTheWay: boolean;
  readonly standing: DeployedStack | undefined;
}

const guess: LookedAhead = { proposal: undefined, changes: [], isGuess: true };

/** Hands over what CloudFormation needs and asks it what would change; a dry run uploads nothing that it can do without. */
export async function lookAhead(
  { context, flags, report }: DeployRun,
  deployment: Deployment,
  { prepared, isInTheWay, standing }: LookAheadOptions,
): Promise<LookedAhead> {
  const { stacks, caller, region, environment, access } = deployment;
  if (isInTheWay) return guess;
  const isDry = flags.dryRun === true;
  const template = templateArtifact(environment, prepared.template);
  const wanted: readonly Artifact[] = [
    ...(isDry ? [] : prepared.artifacts),
    ...(prepared.needsBucket ? [template] : []),
  ];
  const { signal } = context;
  const artifacts = await context.services.openArtifacts({ ...access, bucket: prepared.bucket, owner: caller.account });
  let uploaded: readonly StoredObject[] = [];
  // It takes a while: CloudFormation deletes no change set that it is still making.
  const tellTidying = () => report.say('Taking back what was made to look; Ctrl-C once more leaves it there.');
  try {
    // A bucket could not be removed as easily as a file: in place of it the plan of a new stack is read off the template.
    if (isDry && prepared.needsBucket && standing === undefined && !(await artifacts.bucketExists(signal)))
      return guess;
    if (wanted.length > 0) {
      const bucket = { region, partition: caller.partition, isOwn: environment.artifactBucket === undefined };
      const handed = await handOver(artifacts, { wanted, bucket }, signal);
      uploaded = handed.uploaded;
      if (handed.madeBucket) report.say(`Made the bucket ${prepared.bucket} for code and templates.`);
      const keys = uploaded.map(({ key }) => key);
      report.say(keys.length === 0 ? 'The code is uploaded already.' : `Uploaded ${keys.join(', ')}.`);
      report.event('artifacts', { bucket: prepared.bucket, madeBucket: handed.madeBucket, uploaded: keys });
    }
    report.say('Asking CloudFormation what would change.');
    signal.addEventListener('abort', tellTidying, { once: true });
    const proposal = await proposeChanges(
      { stacks, clock: context.clock },
      {
        stackName: environment.stackName,
        id: context.newId(),
        create: standing === undefined,
        template: prepared.needsBucket
          ? { url: `https://${prepared.bucket}.s3.${region}.${domainOf(caller.partition)}/${template.key}` }
          : { body: prepared.template },
        parameters: prepared.parameters,
        tags: prepared.tags,
      },
      signal,
    );
    return { proposal, changes: proposal?.changeSet.changes ?? [], isGuess: false };
  } finally {
    signal.removeEventListener('abort', tellTidying);
    if (isDry) {
      await inOwnTime(context.clock, async (own) => {
        for (const object of uploaded) await artifacts.remove(object, own);
      });
    }
    artifacts.close();
  }
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
const domainOf = (partition: string) => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');

import type { CatalogFile } from '../../core/catalog.ts';
import { UsageError } from '../../core/error.ts';
import type { TargetName } from '../call-report.ts';
import type { Context } from '../context.ts';
import type { TargetFlags } from '../describe/test-call.ts';
import { readCredentials, urlOf } from '../hook-credentials.ts';
import { openInvokeTarget } from './invoke.ts';
import { openLocalTarget } from './local.ts';
import type { CallTarget } from './target.ts';
import { openUrlTarget } from './url.ts';

/** The target that is meant: this machine unless another one is named. */
export function targetNamed({ local, url, invoke }: TargetFlags): TargetName {
  const named: readonly TargetName[] = [
    ...(local === true ? (['local'] as const) : []),
    ...(url === undefined ? [] : (['url'] as const)),
    ...(invoke === undefined ? [] : (['invoke'] as const)),
  ];
  if (named.length > 1) {
    throw new UsageError('target-ambiguous', `one call cannot go to ${named.join(' and ')}`, {
      hint: 'name one of --local, --url and --invoke',
    });
  }
  return named[0] ?? 'local';
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName */
const functionName =
  /^(arn:aws[a-z-]*:lambda:[a-z]{2}(-[a-z]+)+-\d:\d{12}:function:)?[A-Za-z0-9_-]{1,64}(:(\$LATEST|[A-Za-z0-9_-]+))?$/;

/** Opens a target; `catalog` gives the files that the local cloud publishes. */
export async function openTarget(
  context: Context,
  flags: TargetFlags,
  catalog: () => Promise<readonly CatalogFile[]>,
): Promise<CallTarget> {
  const { url, invoke, region, profile } = flags;
  if (url !== undefined) {
    const checked = urlOf(url, '--url');
    return openUrlTarget(context, {
      url: checked,
      credentials: await readCredentials(context, flags),
      deployed: flags.deployed,
    });
  }
  if (invoke !== undefined) {
    if (!functionName.test(invoke)) {
      throw new UsageError('function-invalid', '"--invoke" must be the name or the ARN of a Lambda function', {
        hint: 'for example --invoke okta-otp-sender:live',
      });
    }
    return await openInvokeTarget(context, { name: invoke, region, profile, deployed: flags.deployed });
  }
  return await openLocalTarget(context, await catalog());
}

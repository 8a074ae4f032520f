import { UsageError } from '../core/error.ts';
import type { Environment } from './environment.ts';

/**
 * The Regions in which the sender of a stack may send: those of `messaging.regions`, or else the stack's own alone. Throws
 * `messaging-region` when that one is not among them: the sender calls End User Messaging there and nowhere else, so that
 * its role would refuse every code. Its configuration set and protect configuration are in that Region, too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
 */
export function messagingRegions({ name, messaging }: Environment, region: string): readonly string[] {
  const { regions = [region] } = messaging;
  if (regions.includes(region)) return regions;
  throw new UsageError(
    'messaging-region',
    `environments.${name}.messaging.regions does not name ${region}, to which the stack is deployed: it sends there only, and could not send at all`,
    { hint: `name ${region} there, leave the setting out, or deploy to a Region that it names with --region` },
  );
}

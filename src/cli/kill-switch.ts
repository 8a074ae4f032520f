import type { CatalogFile } from '../core/catalog.ts';
import { parseCatalog } from '../core/catalog.ts';
import { UsageError } from '../core/error.ts';

/** Whether codes go out by a catalog; undefined for one that this release cannot read. */
export function sendsCodes(files: readonly CatalogFile[]): boolean | undefined {
  const parsed = parseCatalog(files);
  return parsed.ok ? parsed.value.settings.enabled : undefined;
}

/** What somebody who looks for the reason has to see first; `same` are the options that name the environment. */
export const switchedOff = (same: string) => `sending is switched off: okta-otp catalog switch on${same}`;

export interface SwitchFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly switchOn?: boolean;
}

/**
 * Refuses to let codes go out again by the way. Whoever has switched sending off may be in the middle of an emergency, and
 * a yes that a script gives is not meant for that; a person is shown it in the changes, and is asked.
 */
export function refuseToSwitchOn(
  { yes, json, switchOn }: SwitchFlags,
  { active, wanted }: { readonly active: readonly CatalogFile[]; readonly wanted: readonly CatalogFile[] },
): void {
  if (switchOn === true || !(yes === true || json === true)) return;
  if (sendsCodes(active) !== false || sendsCodes(wanted) === false) return;
  throw new UsageError('sending-off', 'sending is switched off, and this would switch it on again', {
    hint: 'add --switch-on if that is meant, or keep it off with "enabled": false in settings.json',
  });
}

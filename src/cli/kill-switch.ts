import type { CatalogFile } from '../core/catalog.ts';
import { parseCatalog } from '../core/catalog.ts';

/** Whether codes go out by a catalog; undefined for one that this release cannot read. */
export function sendsCodes(files: readonly CatalogFile[]): boolean | undefined {
  const parsed = parseCatalog(files);
  return parsed.ok ? parsed.value.settings.enabled : undefined;
}

/** What somebody who looks for the reason has to see first. */
export const switchedOff = 'sending is switched off: okta-otp catalog switch on';

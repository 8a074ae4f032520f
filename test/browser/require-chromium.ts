import { findChromium } from '../../scripts/find-chromium.ts';

/** Says loudly, and once, that nothing of this tier was tried. */
export function setup(): void {
  if (findChromium(process.env) !== undefined) return;
  process.stdout.write(
    '\n!!! SKIPPED: no browser test ran, there is no Chromium; scripts/install-chromium.sh installs it, CHROMIUM may name one !!!\n\n',
  );
}

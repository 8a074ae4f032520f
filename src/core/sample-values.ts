import type { CatalogSettings } from './catalog.ts';
import type { RenderValues } from './render.ts';
import { Secret } from './secret.ts';

export interface SampleValuesOptions extends Partial<Pick<CatalogSettings, 'org' | 'autofillDomain'>> {
  readonly otp: string;
  readonly firstName?: string | undefined;
}

/** What a text is filled with where there is no user: five minutes, which is how long Okta lets a code live. */
export const sampleValues = ({ org, autofillDomain, otp, firstName }: SampleValuesOptions): RenderValues => ({
  otp: new Secret(otp),
  minutes: 5,
  firstName: firstName === undefined ? undefined : new Secret(firstName),
  // As a catalog without settings calls it.
  org: org ?? 'your organization',
  autofillDomain,
});

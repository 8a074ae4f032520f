/** Which template was taken and why, in one line. */
export function describeTemplate(
  template: { readonly locale: string; readonly match: string; readonly requestType?: string | undefined },
  wantedLocale: string,
): string {
  const match = matchWords[template.match] ?? template.match;
  return `${template.locale} for ${wantedLocale} (${match}), for ${template.requestType ?? 'every request type'}`;
}

const matchWords: Readonly<Record<string, string>> = {
  exact: 'exact',
  parent: 'its parent in CLDR',
  'less-specific': 'less specific',
  related: 'a related locale',
  default: 'the default',
};

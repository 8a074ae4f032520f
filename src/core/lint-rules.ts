/** How bad a finding is: an error keeps a message from going out as it should; a note is for whoever reviews. */
export type Severity = 'error' | 'warning' | 'note';

/** What is looked for in a catalog; `docs/lint.md` says of each why it matters and what to do. */
export const lintRules = {
  undecodable: 'error',
  'default-language': 'error',
  'sms-parts': 'error',
  'sms-encoding': 'warning',
  'ssml-malformed': 'error',
  'ssml-element': 'error',
  'voice-language': 'error',
  'url-shortener': 'error',
  link: 'warning',
  'foreign-digits': 'warning',
  'mixed-scripts': 'warning',
  'first-name-first': 'warning',
  'dlt-parameters': 'warning',
  'unknown-country': 'error',
  'shared-range': 'warning',
  'several-regions': 'error',
  'other-region': 'warning',
  'several-accounts': 'warning',
  'sender-id-country': 'warning',
  'not-reviewed': 'note',
} as const satisfies Readonly<Record<string, Severity>>;
export type LintRule = keyof typeof lintRules;

/** What was found about one text, before it is known where the text stands. */
export interface Remark {
  readonly rule: LintRule;
  readonly message: string;
  /** What to do about it, as an order. */
  readonly fix: string;
}

/** One thing that somebody should look at, and where it stands. */
export interface Finding extends Remark {
  /** The catalog file's path. */
  readonly file: string;
  /** Within the file: `sms.variants.password-reset`; empty for the whole of it. */
  readonly path: string;
  readonly severity: Severity;
}

/** Puts a remark in its place. */
export const findingAt = (file: string, path: string, remark: Remark): Finding => ({
  file,
  path,
  severity: lintRules[remark.rule],
  ...remark,
});

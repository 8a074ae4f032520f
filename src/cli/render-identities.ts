import { Chalk } from 'chalk';
import type { Channel } from '../core/channel.ts';
import type { CountrySwitch } from '../core/country-switch.ts';
import type { IdentityKind } from '../core/identity.ts';
import type { NumberList } from '../core/number-list.ts';
import type { CountryParameters } from '../core/origination-identities.ts';
import type { Output } from './context.ts';
import { renderTable } from './render-table.ts';

/** What `identities list --json` says of a country and channel. */
export interface IdentityRow {
  /** ISO 3166-1 alpha-2, or `*`. */
  readonly country: string;
  readonly name: string;
  readonly channel: Channel;
  readonly switch: CountrySwitch;
  /** In order of preference. */
  readonly identities: readonly { readonly kind: IdentityKind; readonly value: string }[];
  /** US dollars, per message part or minute. */
  readonly maxPrice?: string;
  readonly parameters?: CountryParameters;
}

const head = ['COUNTRY', 'NAME', 'CHANNEL', 'SWITCH', 'IDENTITIES', 'KIND', 'MAX PRICE'];

/** The identities as a table, one line each, and below it the numbers that are treated apart. */
export function renderIdentities(rows: readonly IdentityRow[], numbers: NumberList, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const lines = rows.flatMap(({ country, name, channel, switch: state, identities, maxPrice, parameters }) => {
    const [first, ...more] = identities;
    const extra = Object.entries(parameters ?? {}).map(([key, value]) => ['', '', '', '', `${key} ${value ?? ''}`]);
    return [
      [country, name, channel, state, first?.value ?? '-', first?.kind ?? '-', maxPrice ?? '-'],
      ...more.map(({ value, kind }) => ['', '', '', '', value, kind]),
      ...extra,
    ];
  });
  const listed = [
    ...(numbers.allow.length === 0 ? [] : [`never throttled: ${numbers.allow.join(', ')}`]),
    ...(numbers.deny.length === 0 ? [] : [`never sent to: ${numbers.deny.join(', ')}`]),
  ];
  const table = rows.length === 0 ? [] : [renderTable(head, lines, colors.bold)];
  return [...table, ...listed.map((line) => `${line}\n`)].join('');
}

import { Chalk } from 'chalk';
import type { AccountInventory } from '../core/account-inventory.ts';
import { printable } from '../core/printable.ts';
import type { IdentityProposal } from '../core/propose-identities.ts';
import { leftOutReasons } from '../core/propose-identities.ts';
import type { Output } from './context.ts';
import { renderTable } from './render-table.ts';

const head = ['IDENTITY', 'KIND', 'COUNTRY', 'CHANNELS', 'STATUS', 'REGISTRATION', 'USD A MONTH', 'ID'];

/** What the account has, one line each; empty for an account that has nothing. */
export function renderInventory({ numbers, senderIds, pools }: AccountInventory, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const rows = [
    ...pools.map(({ id, status, members, sharedRoutes }) => {
      const countries = [...new Set(members.map(({ country }) => country))].sort();
      const able = [...new Set(members.flatMap(({ channels }) => channels))].join(' ');
      const kind = `pool of ${members.length}${sharedRoutes ? ', shared routes' : ''}`;
      return [id, kind, countries.join(' ') || '-', able || '-', status, '-', '-', id];
    }),
    ...numbers.map(({ number, type, country, channels, status, registrationId, monthlyPrice, id, poolId }) => [
      number,
      poolId === undefined ? type : `${type} in ${poolId}`,
      country,
      channels.join(' ') || '-',
      status,
      registrationId ?? '-',
      monthlyPrice ?? '-',
      id,
    ]),
    ...senderIds.map(({ senderId, country, registered, registrationId, monthlyPrice }) => [
      senderId,
      'sender ID',
      country,
      'sms',
      '-',
      registered ? 'registered' : (registrationId ?? 'none'),
      monthlyPrice ?? '-',
      '-',
    ]),
  ];
  return rows.length === 0
    ? ''
    : renderTable(
        head,
        rows.map((row) => row.map(printable)),
        colors.bold,
      );
}

/** What is left out of the proposal and why, one line each. */
export const renderLeftOut = ({ leftOut }: IdentityProposal): string =>
  leftOut
    .map(({ identity, country, reason }) => {
      const place = country === undefined ? '' : ` (${country})`;
      return `left out: ${printable(identity)}${place} ${leftOutReasons[reason]}\n`;
    })
    .join('');

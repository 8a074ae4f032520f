import { Chalk } from 'chalk';
import type { DeliveryRecord } from '../core/delivery-record.ts';
import { describeTemplate } from '../core/describe-template.ts';
import { causes, sentenceFor } from '../core/failure-policy.ts';
import type { FailureRecord } from '../core/failure-record.ts';
import { causeAdvice } from './cause-advice.ts';
import type { Output } from './context.ts';
import { wrap } from './wrap.ts';

/** Tells everything about one failure for a person: why, what Okta did then, what to do next, and what was tried. */
export function renderFailure(record: FailureRecord, output: Output): string {
  const { bold, dim } = new Chalk({ level: output.hasColor ? 1 : 0 });
  const width = Math.max(40, output.columns - nameWidth);
  const rows: readonly Row[] = [
    ['event', record.eventId],
    ['time', new Date(record.at).toISOString().replace('T', ' ').replace('Z', ' UTC')],
    ['asked for', askedFor(record)],
    ['cause', `${record.cause}: ${causes[record.cause].words}`],
    ['next', causeAdvice[record.cause]],
    ['Okta', toldOkta(record)],
    ...attemptRows(record),
    ['template', record.template && describeTemplate(record.template, record.wantedLocale ?? 'no locale')],
    ['catalog', record.catalog && `version ${record.catalog.version}, ${catalogWords[record.catalog.source]}`],
    ['ledger', ledgerWords[record.ledger]],
    ['took', took(record)],
    ['unfinished', record.unfinished.length === 0 ? undefined : record.unfinished.join(', ')],
    ['request', record.oktaRequestId && `${record.oktaRequestId}, as in Okta's System Log`],
    ['number', record.numberHash && `${record.numberHash} (keyed hash)`],
  ];
  return rows
    .flatMap(([name, text]) => {
      if (text === undefined) return [];
      const [first = '', ...rest] = wrap(text, width);
      const title = name === '' ? '' : bold(name.padEnd(nameWidth));
      return [`${title || ' '.repeat(nameWidth)}${first}`, ...rest.map((line) => ' '.repeat(nameWidth) + line)];
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
    .concat(`\n${dim('The code is not known here, and is not sent again.')}\n`);
}

type Row = readonly [name: string, text: string | undefined];

const nameWidth = 12;

function askedFor({ channel, country, lineType, requestType, wantedLocale, preview, dryRun }: FailureRecord): string {
  const to = `${channel === 'sms' ? 'an SMS' : 'a call'} to ${country ?? 'no country'} (${lineType})`;
  const marks = [preview ? "Okta's preview: nobody waited for it" : '', dryRun ? 'a dry run' : ''];
  return [to, requestType ?? 'an unknown request type', wantedLocale ?? 'no locale', ...marks]
    .filter(Boolean)
    .join(', ');
}

/** Okta's failover is its own telephony, which not every org has. https://developer.okta.com/docs/guides/telephony-inline-hook/ */
function toldOkta({ answer, cause, preview }: FailureRecord): string {
  const failover = preview ? 'of a preview Okta sends nothing' : 'Okta sent it itself, if the org has its telephony';
  switch (answer) {
    case 'fallback':
      return `was told FAILED (${answer}): ${failover}`;
    case 'suppress':
      return `was told SUCCESSFUL (${answer}): it took the code for sent, and nothing reached the user, on purpose`;
    case 'error':
      return `was told an error (${answer}): the user may read "${sentenceFor(cause)}"; ${failover}`;
  }
}

function attemptRows({ attempts, cause }: FailureRecord): Row[] {
  if (attempts.length === 0) return [['attempts', 'none: it was decided before the service was called']];
  const cells = attempts.map(({ channel, identity, text, outcome, ms }) => [
    channel,
    `from ${identity}`,
    text === 'okta' ? "Okta's text" : 'our template',
    `${Math.round(ms)} ms`,
    outcome === 'accepted' || outcome === cause ? outcome : `${outcome}: ${causes[outcome].words}`,
  ]);
  return cells.map((row, index) => [
    index === 0 ? 'attempts' : '',
    row
      .map((cell, column) => {
        const width = Math.max(...cells.map((other) => other[column]?.length ?? 0));
        if (column === row.length - 1) return cell;
        return cell.endsWith(' ms') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  '),
  ]);
}

function took({ ms, leftMs }: FailureRecord): string {
  const [prepare, send, total] = [ms.prepare, ms.send, ms.total].map((value) => `${Math.round(value)} ms`);
  const left = Math.round(leftMs);
  const due = left > 0 ? `${left} ms before the answer was due` : `${-left} ms after the answer was due`;
  return `${total} (prepare ${prepare}, send ${send}), ${due}`;
}

const catalogWords: Readonly<Record<NonNullable<DeliveryRecord['catalog']>['source'], string>> = {
  table: 'from the table',
  memory: 'from memory, not revalidated in time',
  bundled: 'the one that was deployed with the function, since the table could not be read',
};

const ledgerWords: Readonly<Record<DeliveryRecord['ledger'], string>> = {
  claimed: 'the event was claimed',
  duplicate: 'the event had been answered before',
  'in-flight': 'another request was still delivering the event',
  unreachable: 'could not be reached, so that the event could come twice',
  off: 'there is none',
  skipped: 'a preview is not claimed',
};

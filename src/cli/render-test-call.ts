import { Chalk } from 'chalk';
import { describeTemplate } from '../core/describe-template.ts';
import { causes } from '../core/failure-policy.ts';
import { oktaWaitsMs } from '../core/hook-verdict.ts';
import type { Hop } from '../local/gateway.ts';
import type { ReceivedMessage } from '../local/phone.ts';
import type { CallReport } from './call-report.ts';
import { deliveryOf } from './call-report.ts';
import type { Output } from './context.ts';
import { phoneBox, sizeWords } from './phone-box.ts';
import { whatWasSent } from './what-was-sent.ts';

/** Tells the way of a request for a person: hop by hop, then the phone, then what Okta makes of it. */
export function renderTestCall(report: CallReport, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const { token, phone, failure, unmet = [], gateway } = report;
  const answered = report.target === 'invoke' ? 'the function answered with' : 'POST answered with HTTP';
  const rows: Row[] = [
    ...(token === undefined
      ? []
      : [
          {
            name: 'token',
            ms: token.ms,
            text: `${token.method}, client ${token.clientId}, scope ${token.scope}`,
          },
        ]),
    {
      name: report.target === 'invoke' ? 'sender' : 'gateway',
      ms: gateway.ms,
      text: `${answered} ${gateway.status}`,
    },
    ...(report.target === 'local' ? [hopRow('authorizer', report.authorizer), hopRow('sender', report.sender)] : []),
    ...deliveryRows(report),
  ];
  const lines = rows.map(({ name, ms, text }) => {
    const time = ms === undefined ? '' : `${Math.round(ms)} ms`;
    return `${colors.bold(name.padEnd(12))}${colors.dim(time.padStart(8))}  ${text}`;
  });
  const good = report.verdict.codeTakenForSent;
  const sent = whatWasSent(report);
  const isBlocked = good && (sent.kind === 'nothing' || sent.kind === 'unknown' || sent.why !== undefined);
  const mark = isBlocked ? colors.yellow('!') : good ? colors.green('✔') : colors.red('✘');
  return [
    ...lines,
    '',
    ...(phone === undefined ? [] : [...phoneLines(phone, Math.min(output.columns, 76), colors.dim), '']),
    `${colors.bold('Okta gets')}   ${JSON.stringify(report.reply) ?? 'no JSON'}`,
    ...(sent.words === undefined || (sent.kind === 'nothing' && !good) ? [] : [`${mark} ${sent.words}`]),
    `${mark} ${good ? '' : 'Okta sends the code itself: '}${report.verdict.reason}, ${Math.round(report.tookMs)} ms of ${oktaWaitsMs}`,
    ...(failure === undefined
      ? []
      : [
          '',
          `${colors.bold((good ? 'stopped by' : 'went wrong').padEnd(12))}${failure.hop}`,
          `${colors.bold('answered'.padEnd(12))}${failure.answered}`,
          `${colors.bold('means'.padEnd(12))}${failure.means}`,
          `${colors.bold('next'.padEnd(12))}${failure.next}`,
        ]),
    ...(unmet.length === 0 ? [] : ['']),
    ...unmet.map(({ name, expected, got }) => `${colors.red('✘')} expected ${name} ${expected}, got ${got}`),
    '',
  ].join('\n');
}

interface Row {
  readonly name: string;
  readonly ms?: number | undefined;
  readonly text: string;
}

const hopRow = (name: string, hop: Hop | undefined): Row => ({
  name,
  ms: hop?.ms,
  text: hop === undefined ? 'was not reached' : `${hop.outcome}${hop.cached ? ' (policy from the cache)' : ''}`,
});

function deliveryRows(report: CallReport): Row[] {
  const seen = deliveryOf(report);
  if (seen === undefined) return [];
  const { attempts, catalog, template, cause, country, lineType, messageId, ms, leftMs, ledger } = seen;
  return [
    { name: '  ledger', text: ledger },
    {
      name: '  catalog',
      ms: ms.prepare,
      text: catalog === undefined ? 'none' : `version ${catalog.version}, from the ${catalog.source}`,
    },
    {
      name: '  template',
      text: template === undefined ? 'none' : describeTemplate(template, report.request.locale ?? 'no locale'),
    },
    ...attempts.map((attempt) => ({
      name: '  send',
      ms: attempt.ms,
      text: `${attempt.channel} to ${country ?? 'no country'} (${lineType}) from ${attempt.identity}: ${attempt.outcome}`,
    })),
    ...(cause === undefined ? [] : [{ name: '  cause', text: `${cause}: ${causes[cause].words}` }]),
    ...(messageId === undefined ? [] : [{ name: '  message', text: messageId }]),
    { name: '  answer', ms: ms.total, text: `${Math.round(leftMs)} ms before it was due` },
  ];
}

function phoneLines(messages: readonly ReceivedMessage[], width: number, dim: (text: string) => string): string[] {
  if (messages.length === 0) return ['The phone shows nothing.'];
  return messages.flatMap((message) => {
    const title =
      message.channel === 'sms'
        ? `SMS from ${message.from} · ${sizeWords(message)}`
        : `Call from ${message.from} · voice ${message.voiceId}`;
    const text = message.channel === 'sms' ? message.body : message.transcript;
    return phoneBox(title, text, width, dim);
  });
}

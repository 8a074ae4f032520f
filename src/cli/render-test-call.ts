import { Chalk } from 'chalk';
import { array, decode, number, object, oneOf, optional, string } from '../core/decode.ts';
import { causeNames, causes } from '../core/failure-policy.ts';
import type { HookVerdict } from '../core/hook-verdict.ts';
import { oktaWaitsMs } from '../core/hook-verdict.ts';
import type { Hop } from '../local/gateway.ts';
import type { ReceivedMessage } from '../local/phone.ts';
import type { Output } from './context.ts';
import { describeTemplate } from './describe-template.ts';
import { phoneBox, sizeWords } from './phone-box.ts';

/** The way of one simulated request, as `test-call --json` prints it. */
export interface TestCallReport {
  readonly target: 'local';
  readonly request: { readonly channel: string; readonly locale: string; readonly requestType: string };
  readonly token: { readonly ms: number; readonly clientId: string; readonly scope: string };
  readonly gateway: { readonly status: number; readonly ms: number };
  readonly authorizer: Hop | undefined;
  readonly sender: Hop | undefined;
  /** The sender's own log line of the delivery. */
  readonly delivery: unknown;
  /** What arrived on the phone: the one place where a code may show. */
  readonly phone: readonly ReceivedMessage[];
  /** The body that Okta would get. */
  readonly reply: unknown;
  readonly verdict: HookVerdict;
  readonly tookMs: number;
}

const delivery = object({
  country: optional(string()),
  lineType: string(),
  catalog: optional(object({ version: number(), source: string() })),
  template: optional(object({ locale: string(), match: string(), requestType: optional(string()) })),
  attempts: array(object({ channel: string(), identity: string(), text: string(), outcome: string(), ms: number() })),
  messageId: optional(string()),
  cause: optional(oneOf(causeNames)),
  ledger: string(),
  leftMs: number(),
  ms: object({ prepare: number(), send: number(), settle: number(), total: number() }),
});

/** Tells the way of a request for a person: hop by hop, then the phone, then what Okta makes of it. */
export function renderTestCall(report: TestCallReport, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  const rows: Row[] = [
    {
      name: 'token',
      ms: report.token.ms,
      text: `private_key_jwt, client ${report.token.clientId}, scope ${report.token.scope}`,
    },
    { name: 'gateway', ms: report.gateway.ms, text: `POST answered with HTTP ${report.gateway.status}` },
    hopRow('authorizer', report.authorizer),
    hopRow('sender', report.sender),
    ...deliveryRows(report),
  ];
  const lines = rows.map(({ name, ms, text }) => {
    const time = ms === undefined ? '' : `${Math.round(ms)} ms`;
    return `${colors.bold(name.padEnd(12))}${colors.dim(time.padStart(8))}  ${text}`;
  });
  const good = report.verdict.codeTakenForSent;
  const mark = good ? colors.green('✔') : colors.red('✘');
  return [
    ...lines,
    '',
    ...phoneLines(report.phone, Math.min(output.columns, 76), colors.dim),
    '',
    `${colors.bold('Okta gets')}   ${JSON.stringify(report.reply) ?? 'no JSON'}`,
    `${mark} ${good ? '' : 'Okta sends the code itself: '}${report.verdict.reason}, ${Math.round(report.tookMs)} ms of ${oktaWaitsMs}`,
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

function deliveryRows(report: TestCallReport): Row[] {
  const decoded = decode(delivery, report.delivery);
  if (!decoded.ok) return [];
  const { attempts, catalog, template, cause, country, lineType, messageId, ms, leftMs, ledger } = decoded.value;
  return [
    { name: '  ledger', text: ledger },
    {
      name: '  catalog',
      ms: ms.prepare,
      text: catalog === undefined ? 'none' : `version ${catalog.version}, from the ${catalog.source}`,
    },
    {
      name: '  template',
      text: template === undefined ? 'none' : describeTemplate(template, report.request.locale),
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

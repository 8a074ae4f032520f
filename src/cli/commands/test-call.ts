import { isObject, parseJson } from '../../core/decode.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { judgeHookResponse } from '../../core/hook-verdict.ts';
import { parseLocale } from '../../core/locale.ts';
import { parsePhone } from '../../core/phone.ts';
import type { SimulatedRequest } from '../../core/simulated-request.ts';
import { simulateRequest } from '../../core/simulated-request.ts';
import type { Hop } from '../../local/gateway.ts';
import { readCatalogFiles } from '../catalog-files.ts';
import type { Context } from '../context.ts';
import type { TestCallFlags } from '../describe/test-call.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { functionBundle, sampleCatalog, shippedCatalog } from '../paths.ts';
import type { TestCallReport } from '../render-test-call.ts';
import { renderTestCall } from '../render-test-call.ts';

/** Sends one simulated hook request and shows the way it took; not good when Okta would send the code itself. */
export async function testCall(context: Context, phone: string, flags: TestCallFlags): Promise<ExitCode> {
  const request = parseFlags(context, phone, flags);
  if (flags.json !== true) context.stderr.write('Starting the local cloud: nothing leaves this machine.\n');
  const report = await callLocally(context, request);
  context.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : renderTestCall(report, context.stdout));
  return report.verdict.codeTakenForSent ? exit.done : exit.notGood;
}

function parseFlags(
  context: Context,
  phone: string,
  { channel, locale, requestType, otp }: TestCallFlags,
): SimulatedRequest {
  const parsed = parsePhone(phone);
  if (!parsed.ok) {
    throw new UsageError('phone-invalid', `the phone ${parsed.problems[0]?.message ?? 'is not valid'}`, {
      hint: 'okta-otp test-call +34612345678',
    });
  }
  if (parseLocale(locale) === undefined) {
    throw new UsageError('locale-invalid', '"--locale" must be a BCP 47 tag', { hint: 'for example --locale es-MX' });
  }
  if (otp !== undefined && !/^\d{4,10}$/.test(otp)) {
    throw new UsageError('otp-invalid', '"--otp" must be 4 to 10 digits', { hint: 'for example --otp 123456' });
  }
  return {
    eventId: context.newId(),
    now: context.clock.now(),
    channel,
    requestType,
    phoneNumber: parsed.value.e164.reveal(),
    otp: otp ?? String(context.randomInt(1_000_000)).padStart(6, '0'),
    locale,
  };
}

/** Runs the request against a cloud of its own on this machine. */
async function callLocally(context: Context, request: SimulatedRequest): Promise<TestCallReport> {
  const { clock, services, signal } = context;
  const hops: Hop[] = [];
  const records: Record<string, unknown>[] = [];
  const cloud = await services.startLocalCloud({
    clock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    catalog: [...(await readCatalogFiles(shippedCatalog)), ...(await readCatalogFiles(sampleCatalog))],
    onHop: (hop) => hops.push(hop),
    onLine: (line) => {
      const parsed = parseJson(line);
      if (parsed.ok && isObject(parsed.value)) records.push(parsed.value);
    },
  });
  try {
    const askedAt = clock.now();
    const token = await services.requestAccessToken(cloud.client, {
      fetch,
      now: clock.now,
      signal,
      newId: context.newId,
    });
    if (token.kind !== 'token') {
      throw new OktaOtpError('token-refused', `the authorization server gave no token (${token.kind})`, {
        hint: 'okta-otp test-call --help',
      });
    }
    const postedAt = clock.now();
    const response = await fetch(cloud.hookUrl, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token.accessToken.reveal()}`,
      },
      body: JSON.stringify(simulateRequest(request)),
      signal,
    });
    const text = await response.text();
    const answeredAt = clock.now();
    const body = parseJson(text);
    const [leak] = cloud.leaks();
    if (leak !== undefined) {
      throw new OktaOtpError('leak', `a function printed a secret: ${leak}`, { hint: 'do not deploy this build' });
    }
    const requestId = response.headers.get('x-amzn-requestid');
    const hopOf = (name: Hop['hop']) => hops.find((hop) => hop.requestId === requestId && hop.hop === name);
    return {
      target: 'local',
      request: { channel: request.channel, locale: request.locale, requestType: request.requestType },
      token: { ms: postedAt - askedAt, clientId: cloud.client.clientId, scope: cloud.client.scope },
      gateway: { status: response.status, ms: answeredAt - postedAt },
      authorizer: hopOf('authorizer'),
      sender: hopOf('integration'),
      delivery: records.find((record) => record['type'] === 'delivery' && record['eventId'] === request.eventId),
      phone: cloud.inbox.received(),
      reply: body.ok ? body.value : undefined,
      verdict: judgeHookResponse({
        status: response.status,
        body: body.ok ? body.value : undefined,
        // Okta's three seconds hold its own request for the token too.
        tookMs: answeredAt - askedAt,
      }),
      tookMs: answeredAt - askedAt,
    };
  } finally {
    await cloud.close();
  }
}

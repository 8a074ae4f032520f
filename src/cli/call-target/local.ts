import type { CatalogFile } from '../../core/catalog.ts';
import { isObject, parseJson } from '../../core/decode.ts';
import { OktaOtpError } from '../../core/error.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import { dryRunPrefix } from '../../core/hook-request.ts';
import { pause } from '../../core/pause.ts';
import { simulateRequest } from '../../core/simulated-request.ts';
import { usSimulatorNumber } from '../../core/simulator-numbers.ts';
import type { Hop } from '../../local/gateway.ts';
import type { CallReport } from '../call-report.ts';
import { deliveryOf, readReply } from '../call-report.ts';
import type { Context } from '../context.ts';
import { functionBundle } from '../paths.ts';
import { createPostHook } from './over-http.ts';
import { reportAnswer } from './report-answer.ts';
import type { CallTarget } from './target.ts';

/** Each takes a thread and some 20 MB. */
const environments = 8;

/** A function that could not load the catalog in time tries again after a while. */
const mostTries = 10;
const againMs = 300;

/** A cloud of its own on this machine: it can see every hop, and nothing leaves it. */
export async function openLocalTarget(context: Context, catalog: readonly CatalogFile[]): Promise<CallTarget> {
  const hops: Hop[] = [];
  const deliveries = new Map<unknown, Record<string, unknown>>();
  let calls = 0;
  const cloud = await context.services.startLocalCloud({
    clock: context.clock,
    bundles: { sender: functionBundle('sender'), authorizer: functionBundle('authorizer') },
    catalog,
    environments,
    onHop: (hop) => hops.push(hop),
    onLine(line) {
      const parsed = parseJson(line);
      if (!parsed.ok || !isObject(parsed.value) || parsed.value['type'] !== 'delivery') return;
      deliveries.set(parsed.value['eventId'], parsed.value);
    },
  });
  const postHook = createPostHook(context, { url: cloud.hookUrl, credentials: cloud.client });

  async function call(body: HookBody): Promise<CallReport> {
    calls += 1;
    const posted = await postHook(body);
    const [leak] = cloud.leaks();
    if (leak !== undefined) {
      throw new OktaOtpError('leak', `a function printed a secret: ${leak}`, { hint: 'do not deploy this build' });
    }
    const requestId = posted.headers.get('x-amzn-requestid');
    const hopOf = (name: Hop['hop']) => hops.find((hop) => hop.requestId === requestId && hop.hop === name);
    const delivery = deliveries.get(body['eventId']);
    const messageId = deliveryOf({ delivery })?.messageId;
    const received = cloud.inbox.received();
    return {
      ...reportAnswer('local', body, posted),
      authorizer: hopOf('authorizer'),
      sender: hopOf('integration'),
      delivery,
      // A message may have arrived that the service never acknowledged: with one call it can only be this one's.
      phone: calls === 1 ? received : received.filter((message) => message.messageId === messageId),
    };
  }

  /** Starting several functions at once takes this machine longer than Okta waits: that is not what Lambda would do. */
  async function warmUp(concurrency: number): Promise<void> {
    const one = () =>
      postHook(
        simulateRequest({
          eventId: `${dryRunPrefix}${context.newId()}`,
          now: context.clock.now(),
          channel: 'sms',
          requestType: 'mfa-verification',
          phoneNumber: usSimulatorNumber,
          otp: String(context.randomInt(1_000_000)).padStart(6, '0'),
          locale: 'en-US',
        }),
      );
    // One more at a time, and once more where even that was too much at once.
    for (let together = 1; together <= Math.min(concurrency, environments); together += 1) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const posted = await Promise.all(Array.from({ length: together }, one));
        const causes = posted.map(({ reply }) => readReply(reply).cause);
        if (!causes.some((cause) => cause === 'no-catalog' || cause === 'too-late')) break;
        await pause({ clock: context.clock, ms: againMs }, context.signal);
      }
    }
  }

  return {
    name: 'local',
    isReal: false,
    warmUp,
    call,
    close: () => cloud.close(),
  };
}

import { decode, number, object, optional, parseJson, record, string } from '../../core/decode.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import { toProxyEvent } from '../../local/gateway/proxy-event.ts';
import type { CallReport } from '../call-report.ts';
import type { Context } from '../context.ts';
import { inTime } from '../in-time.ts';
import type { DeployedHook } from './deployed-hook.ts';
import { reportAnswer } from './report-answer.ts';
import type { CallTarget } from './target.ts';

/** What a function gives back to API Gateway. */
const proxyReply = object({
  statusCode: number({ min: 100, max: 599 }),
  headers: optional(record(string())),
  body: optional(string()),
});

/** The sender itself, without gateway and authorizer: it gets the event that API Gateway would make. */
export async function openInvokeTarget(
  context: Context,
  fn: {
    readonly name: string;
    readonly region: string | undefined;
    readonly profile: string | undefined;
    readonly deployed: DeployedHook | undefined;
  },
): Promise<CallTarget> {
  const { clock, newId } = context;
  const invoker = await context.services.openFunctionInvoker({
    functionName: fn.name,
    region: fn.region,
    profile: fn.profile,
  });
  const [, , , region = fn.region ?? 'us-east-1', accountId = '000000000000'] = fn.name.split(':');

  async function call(body: HookBody): Promise<CallReport> {
    const receivedAt = clock.now();
    const api = { region, accountId, apiId: 'testcall', stage: 'prod', path: '/mfa', method: 'POST' };
    const text = JSON.stringify(body);
    const request = new Request(`https://test-call.invalid/${api.stage}${api.path}`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'okta-otp' },
    });
    const event = toProxyEvent(
      api,
      {
        request,
        url: new URL(request.url),
        body: text,
        ids: { requestId: newId(), extendedRequestId: newId() },
        receivedAt,
      },
      { principalId: 'test-call', context: {}, integrationLatency: 0 },
    );
    const invoked = await inTime(context, (signal) => invoker.invoke(event, signal));
    const tookMs = clock.now() - receivedAt;
    const reply = invoked.kind === 'answered' ? decode(proxyReply, invoked.payload) : undefined;
    if (reply?.ok !== true) {
      const report = reportAnswer('invoke', body, {
        // What API Gateway would have made of it.
        status: 502,
        headers: new Headers(),
        reply: undefined,
        ms: tookMs,
        tookMs,
        deployed: fn.deployed,
      });
      const answered = invoked.kind === 'answered' ? 'a reply without a status code' : invoked.errorType;
      return report.failure === undefined ? report : { ...report, failure: { ...report.failure, answered } };
    }
    const { statusCode, headers = {}, body: replied = '' } = reply.value;
    const json = parseJson(replied);
    return reportAnswer('invoke', body, {
      status: statusCode,
      headers: new Headers({ ...headers }),
      reply: json.ok ? json.value : undefined,
      ms: tookMs,
      tookMs,
      deployed: fn.deployed,
    });
  }

  return {
    name: 'invoke',
    isReal: true,
    // Lambda starts functions by itself, each on a machine of its own, and that belongs to what is measured.
    warmUp: async () => {},
    call,
    close: async () => invoker.close(),
  };
}

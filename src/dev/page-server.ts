import type { CatalogFile } from '../core/catalog.ts';
import type { Decoder } from '../core/decode.ts';
import { decode, exactObject, parseJson, string } from '../core/decode.ts';
import type { Finding } from '../core/lint-rules.ts';
import type { Serve } from '../local/serve.ts';
import { composed } from './compose.ts';
import type { EventLog, Numbered } from './event-log.ts';
import type { DevEvent } from './events.ts';
import { faultSettings } from './faults.ts';
import { pageHeaders, refusalOf } from './guard.ts';
import type { World } from './world.ts';

export interface PageServerOptions {
  readonly world: World;
  readonly log: EventLog;
  /** Of this run: whoever does not have it sees nothing. */
  readonly token: string;
  /** A file of the page: markup, script or style; undefined for what is none. */
  readonly readAsset: (name: string) => Promise<string | undefined>;
  /** Takes an edited file of the catalog, unless something is wrong with it. */
  readonly saveFile: (file: CatalogFile) => Promise<readonly Finding[]>;
  readonly state: () => DevEvent;
}

const types: Readonly<Record<string, string>> = {
  '/': 'text/html; charset=utf-8',
  '/app.js': 'text/javascript; charset=utf-8',
  '/style.css': 'text/css; charset=utf-8',
};

const edited: Decoder<CatalogFile> = exactObject({
  path: string({
    max: 100,
    pattern: /^(templates\/[\w-]+|originationIdentities|settings|numbers)\.json$/,
    expected: 'a file of a catalog',
  }),
  text: string({ max: 400_000 }),
});

/** The page of `okta-otp dev` and what it asks for: events as they happen, and orders in return. */
export function createPageServer(options: PageServerOptions): Serve {
  const { world, log, token } = options;

  const orders: Readonly<Record<string, (body: unknown) => Promise<Response>>> = {
    '/calls': taking(composed, async (call) => json(200, await world.call(call))),
    '/faults': taking(faultSettings, async (faults) => {
      await world.setFaults(faults);
      return json(200, faults);
    }),
    '/cold': async () => {
      await world.cold('somebody wants to see a cold start');
      return json(200, {});
    },
    '/files': taking(edited, async (file) => {
      const findings = await options.saveFile(file);
      return json(findings.some(({ severity }) => severity === 'error') ? 422 : 200, { findings });
    }),
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    // Styles and script say nothing, and the browser asks for them without the token.
    const isOpen = request.method === 'GET' && (pathname === '/app.js' || pathname === '/style.css');
    const refused = refusalOf(request, token, { withToken: !isOpen });
    if (refused !== undefined) return refused;
    if (request.method === 'GET' && pathname === '/events') return events(request, options.state, log);
    if (request.method === 'GET') return await asset(pathname, options);
    const order = Object.hasOwn(orders, pathname) ? orders[pathname] : undefined;
    if (request.method !== 'POST' || order === undefined) return plain(404, 'there is nothing here');
    const body = parseJson(await request.text());
    return body.ok ? await order(body.value) : json(400, { problems: body.problems });
  };
}

const taking =
  <T>(decoder: Decoder<T>, act: (value: T) => Promise<Response>) =>
  async (body: unknown): Promise<Response> => {
    const decoded = decode(decoder, body);
    return decoded.ok ? await act(decoded.value) : json(400, { problems: decoded.problems });
  };

const json = (status: number, body: unknown) => Response.json(body, { status, headers: pageHeaders });
const plain = (status: number, text: string) => new Response(`${text}\n`, { status, headers: pageHeaders });

async function asset(pathname: string, { readAsset }: PageServerOptions): Promise<Response> {
  const type = Object.hasOwn(types, pathname) ? types[pathname] : undefined;
  const text = type === undefined ? undefined : await readAsset(pathname === '/' ? 'index.html' : pathname.slice(1));
  if (type === undefined || text === undefined) return plain(404, 'there is nothing here');
  return new Response(text, { headers: { ...pageHeaders, 'content-type': type } });
}

/** How soon a browser comes back when the connection was lost. */
const retryMs = 1_000;

/**
 * Server-sent events: the state first, then whatever happens. A browser that comes back says which event was its last one,
 * and gets what it has missed; where that is more than is remembered, the state anew.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
function events(request: Request, state: () => DevEvent, log: EventLog): Response {
  const encoder = new TextEncoder();
  const encode = ({ number, event }: Numbered) => encoder.encode(`id: ${number}\ndata: ${JSON.stringify(event)}\n\n`);
  const last = /^\d{1,15}$/.exec(request.headers.get('last-event-id') ?? '');
  const missed = last === null ? undefined : log.since(Number(last[0]));
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`));
      for (const numbered of missed ?? [{ number: log.newest(), event: state() }]) controller.enqueue(encode(numbered));
      stop = log.listen((event, number) => controller.enqueue(encode({ number, event })));
      const end = () => {
        stop();
        controller.close();
      };
      if (request.signal.aborted) end();
      else request.signal.addEventListener('abort', end, { once: true });
    },
    cancel: () => stop(),
  });
  return new Response(stream, { headers: { ...pageHeaders, 'content-type': 'text/event-stream' } });
}

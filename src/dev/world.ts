import { readActive } from '../aws/catalog-history.ts';
import { publishCatalog } from '../aws/publish-catalog.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { parseCatalog } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { isObject } from '../core/decode.ts';
import { lintCatalog } from '../core/lint.ts';
import { simulateRequest } from '../core/simulated-request.ts';
import type { Exchange, LocalCloud } from '../local/cloud.ts';
import { attemptHeader, startLocalCloud } from '../local/cloud.ts';
import { throughputExceeded } from '../local/dynamodb.ts';
import type { Hop } from '../local/gateway.ts';
import { startProxy } from '../local/switchable-proxy.ts';
import { catalogTable } from '../local/tables.ts';
import { requestAccessToken } from '../okta/client-credentials.ts';
import type { Composed } from './compose.ts';
import type { CatalogState, Delivery, DevEvent, Places, TrustedIssuer } from './events.ts';
import type { FaultSettings } from './faults.ts';
import { noFaults, toFault, toMessagingFault } from './faults.ts';
import type { PrintedLines } from './printed-line.ts';
import { readLine, withLine } from './printed-line.ts';
import { traceDelivery, withoutToken } from './trace.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly bundles: { readonly sender: string; readonly authorizer: string };
  /** The catalog's files as they stand now. */
  readonly readFiles: () => Promise<readonly CatalogFile[]>;
  /** The folder that they come from; undefined for the package's own. */
  readonly folder: string | undefined;
  readonly newId: () => string;
  /** Below the limit, and different each time. */
  readonly randomInt: (limit: number) => number;
  readonly onEvent: (event: WorldEvent) => void;
  readonly gatewayPort?: number;
  /** Trusted by the authorizer beside the local authorization server. */
  readonly trusted?: TrustedIssuer | undefined;
}

type WorldEvent = Exclude<DevEvent, { readonly type: 'state' }>;

/** The local cloud with somebody who looks at it, breaks it, and changes what it says. */
export interface World {
  readonly places: Omit<Places, 'page'>;
  readonly cloud: LocalCloud;
  faults(): FaultSettings;
  catalog(): CatalogState;
  /** Sends a composed request as Okta would, as many times as the faults say; resolves with the event's id. */
  call(composed: Composed): Promise<{ readonly eventId: string; readonly error?: string | undefined }>;
  setFaults(faults: FaultSettings): Promise<void>;
  /** Publishes the files as they stand now; what cannot be published is told, and the version before serves on. */
  reload(): Promise<void>;
  /** Lets the functions start anew. */
  cold(why: string): Promise<void>;
  close(): Promise<void>;
}

/** Whom the catalog that serves lets messages come from. */
function identitiesOf({ files }: CatalogState) {
  const parsed = parseCatalog(files);
  return parsed.ok ? parsed.value.originationIdentities : undefined;
}

const undecodable = (files: readonly CatalogFile[]) => lintCatalog(files).filter(({ rule }) => rule === 'undecodable');

/** Starts everything that stands between Okta and a phone, on 127.0.0.1. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { clock, onEvent, newId } = options;
  let faults = noFaults;
  const given = await options.readFiles();
  const unreadable = new Set(undecodable(given).map(({ file }) => file));
  // One that is broken from the start must not keep the others from serving.
  const first = given.filter(({ path }) => !unreadable.has(path));
  const dynamodb = await startProxy({ throttling: throughputExceeded });
  const hops = new Map<string, Hop[]>();
  const printed = new Map<string, PrintedLines>();
  /** Of those composed here that are under way, by attempt: the same event may be sent again meanwhile. */
  const tokenTimes = new Map<string, number>();
  const oktaNow = () => clock.now() + faults.clockSkewSeconds * 1000;

  const cloud = await startLocalCloud({
    clock,
    kept,
    bundles: options.bundles,
    catalog: first,
    senderEnv: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url },
    oktaNow,
    onHop: (hop) => hops.set(hop.requestId, [...(hops.get(hop.requestId) ?? []), hop]),
    onLine(text, { by, requestId }) {
      const line = readLine(text);
      if (requestId !== undefined) printed.set(requestId, withLine(printed.get(requestId) ?? {}, by, line));
      if (line.kind === 'other') onEvent({ type: 'log', log: { at: clock.now(), by, requestId, line: line.text } });
    },
    onExchange: (exchange) => onEvent({ type: 'delivery', delivery: traced(exchange) }),
    ...(options.gatewayPort === undefined ? {} : { gatewayPort: options.gatewayPort }),
    ...(options.trusted === undefined ? {} : { authorizerEnv: toEnv(options.trusted) }),
  }).catch(async (error: unknown) => {
    await dynamodb.close();
    throw error;
  });
  dynamodb.forwardTo(cloud.urls.dynamodb);
  cloud.inbox.onMessage((message) => onEvent({ type: 'message', message }));
  let catalog: CatalogState = { version: 1, folder: options.folder, files: first, problems: [] };
  let reloading = Promise.resolve();
  let told = 0;

  function traced(exchange: Exchange): Delivery {
    const { requestId = '' } = exchange;
    const lines = printed.get(requestId) ?? {};
    const { record } = lines;
    const messageId = isObject(record) ? record['messageId'] : undefined;
    const message = cloud.inbox.received().findLast((received) => received.messageId === messageId);
    const tokenMs = tokenTimes.get(exchange.attempt ?? '');
    const id = exchange.requestId ?? newId();
    const delivery = traceDelivery({
      id,
      exchange,
      hops: hops.get(requestId) ?? [],
      lines,
      identities: identitiesOf(catalog),
      message,
      tokenMs,
    });
    hops.delete(requestId);
    printed.delete(requestId);
    tellLeaks();
    return delivery;
  }

  function tellLeaks(): void {
    const leaks = cloud.leaks();
    for (const what of leaks.slice(told)) onEvent({ type: 'leak', what });
    told = leaks.length;
  }

  async function cold(why: string): Promise<void> {
    await Promise.all([cloud.functions.sender.recycle(), cloud.functions.authorizer.recycle()]);
    onEvent({ type: 'cold', why });
  }

  async function token() {
    return await requestAccessToken(cloud.client, {
      fetch,
      // Okta's own client has Okta's clock.
      now: oktaNow,
      signal: AbortSignal.timeout(oktaGivesUpMs),
      newId,
    });
  }

  async function takeFiles(): Promise<void> {
    const before = catalog;
    try {
      const files = await options.readFiles();
      const problems = undecodable(files);
      if (problems.length === 0 && !isSame(files, catalog.files)) {
        const against = await readActive(cloud.dynamodb, catalogTable);
        const publication = { files, author: 'local', now: clock.now(), id: newId(), against };
        const { number: version } = await publishCatalog(cloud.dynamodb, catalogTable, publication);
        catalog = { ...catalog, version, files };
        // A container would notice within a minute; whoever edits wants to see it now.
        await cold('the catalog has changed');
      }
      catalog = { ...catalog, problems: problems.map(({ file, path, message }) => `${file} ${path} ${message}`) };
    } catch (error) {
      // The folder is gone, or a file of it cannot be read: the version before serves on.
      catalog = { ...catalog, problems: [error instanceof Error ? error.message : 'the files cannot be read'] };
    }
    if (!isSame(catalog, before)) onEvent({ type: 'catalog', catalog });
  }

  return {
    places: {
      hook: cloud.hookUrl,
      issuer: cloud.okta.issuerAt(cloud.urls.okta),
      clientId: cloud.client.clientId,
      scope: cloud.client.scope,
      trusted: options.trusted,
    },
    cloud,
    faults: () => faults,
    catalog: () => catalog,

    async call(composed) {
      const eventId = composed.eventId ?? newId();
      const askedAt = clock.now();
      const answer = await token();
      if (answer.kind !== 'token') {
        const delivery = withoutToken(answer.kind, {
          id: newId(),
          eventId,
          at: askedAt,
          ms: clock.now() - askedAt,
          composed,
        });
        onEvent({ type: 'delivery', delivery });
        return { eventId, error: `the authorization server gave no token (${answer.kind})` };
      }
      const attempt = newId();
      tokenTimes.set(attempt, clock.now() - askedAt);
      const { firstName, lastName, ...of } = composed;
      const otp = composed.otp ?? String(options.randomInt(1_000_000)).padStart(6, '0');
      const request = simulateRequest({ ...of, eventId, otp, now: oktaNow() });
      const { userProfile } = request.data;
      const named = { firstName: firstName ?? userProfile.firstName, lastName: lastName ?? userProfile.lastName };
      const body = JSON.stringify({
        ...request,
        data: { ...request.data, userProfile: { ...userProfile, ...named } },
      });
      const post = () =>
        fetch(cloud.hookUrl, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${answer.accessToken.reveal()}`,
            [attemptHeader]: attempt,
          },
          body,
        }).then((response) => response.text());
      try {
        await Promise.all(Array.from({ length: faults.copies }, post));
        return { eventId };
      } finally {
        tokenTimes.delete(attempt);
      }
    },

    async setFaults(next) {
      const before = faults;
      faults = next;
      cloud.messaging.setFault(toMessagingFault(next.messaging));
      dynamodb.setFault(toFault(next.dynamodb));
      cloud.okta.setFault(toFault(next.okta));
      cloud.okta.setKeySet(next.keys);
      cloud.queue.setFault(toFault(next.queue));
      cloud.setGatewayFault(toFault(next.gateway));
      onEvent({ type: 'faults', faults: next });
      // What they hold in memory would hide a key set that is down, or keys that have changed.
      if (before.okta.kind !== next.okta.kind || before.keys !== next.keys) {
        cloud.forgetPolicies();
        await cold('what the authorizer remembers would hide the fault');
      }
    },

    reload() {
      // One after the other: an editor's save and the page's may come at once.
      reloading = reloading.then(takeFiles);
      return reloading;
    },

    cold,
    async close() {
      await cloud.close();
      await dynamodb.close();
    },
  };
}

const toEnv = ({ issuer, audience, clientId, scope }: TrustedIssuer) => ({
  OKTA_NEXT_ISSUER: issuer,
  OKTA_NEXT_CLIENT_IDS: clientId,
  OKTA_NEXT_SCOPE: scope,
  ...(audience === undefined ? {} : { OKTA_NEXT_AUDIENCE: audience }),
});

/** As many as a page that is opened later still shows; whoever looks on for days needs no more. */
const kept = 1_000;

/** Longer than Okta waits for the whole of it. */
const oktaGivesUpMs = 10_000;

const isSame = <T extends CatalogState | readonly CatalogFile[]>(a: T, b: T) => JSON.stringify(a) === JSON.stringify(b);

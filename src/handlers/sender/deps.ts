import { randomUUID } from 'node:crypto';
import { createCatalogTable } from '../../aws/catalog-table.ts';
import { createDynamoDb } from '../../aws/dynamodb.ts';
import { createFailureQueue } from '../../aws/failure-queue.ts';
import { createLedger } from '../../aws/ledger.ts';
import { createMessages } from '../../aws/messages.ts';
import { createNumberHash } from '../../aws/number-hash.ts';
import type { Catalog } from '../../core/catalog.ts';
import { createCatalogCache } from '../../core/catalog-cache.ts';
import type { Clock } from '../../core/clock.ts';
import { createSendLatency } from '../../core/send-latency.ts';
import { createHttp } from '../../net/http.ts';
import type { SenderConfig } from './config.ts';
import type { SenderDeps } from './create.ts';

/** Beyond this share of the answer's time a slow service no longer raises the point of no return. */
const longestNeeded = 0.7;

/** Puts the sender together: the real adapters for its ports. */
export function createSenderDeps(
  config: SenderConfig,
  outside: { readonly clock: Clock; readonly log: (line: string) => void; readonly bundled: Catalog | undefined },
): SenderDeps {
  const { access, endpoints, ledgerTable, failuresQueueUrl, numberHashKey } = config;
  const { clock, log, bundled } = outside;
  // A resend of a message is told from one of anything else.
  const [http, messaging] = [createHttp(clock.now), createHttp(clock.now)];
  const dynamodb = createDynamoDb(access, http, endpoints.dynamodb);
  return {
    clock,
    log,
    catalog: createCatalogCache(clock, createCatalogTable(dynamodb, config.catalogTable), bundled),
    messages: createMessages(access, messaging, {
      configurationSet: config.configurationSet,
      protectConfiguration: config.protectConfiguration,
      endpoint: endpoints.messaging,
    }),
    latency: createSendLatency(config.sendFloorMs, Math.round(config.answerWithinMs * longestNeeded)),
    ledger: ledgerTable === undefined ? undefined : createLedger(dynamodb, ledgerTable),
    failures:
      failuresQueueUrl === undefined
        ? undefined
        : createFailureQueue(access, http, { url: failuresQueueUrl, endpoint: endpoints.sqs }),
    hashNumber: numberHashKey && createNumberHash(numberHashKey),
    newOwner: randomUUID,
    provider: config.provider,
    answers: config.answers,
    answerWithinMs: config.answerWithinMs,
    stack: config.stack,
    dropIdleConnections() {
      http.dropIdle();
      messaging.dropIdle();
    },
  };
}

import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { CatalogFile } from '../core/catalog.ts';
import type { CatalogPointer } from '../core/catalog-cache.ts';
import { OktaOtpError } from '../core/error.ts';
import { printable } from '../core/printable.ts';
import { askAws } from './ask-aws.ts';
import type { ActiveVersion, PublishedVersion } from './catalog-history.ts';
import { keptOf, listVersions, pruneVersions, readActive } from './catalog-history.ts';
import { readVersion, UnsoundCatalogError } from './catalog-table.ts';
import type { Activation, Publication } from './publish-catalog.ts';
import { activateVersion, PublishConflictError, publishCatalog } from './publish-catalog.ts';

export interface CatalogStoreOptions {
  readonly table: string;
  /** The SDK's own unless given. */
  readonly region?: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string | undefined;
}

/** The catalog table as an operator sees it. Every method rejects with an error for a person, or the signal's reason. */
export interface CatalogStore {
  active(signal: AbortSignal): Promise<ActiveVersion | undefined>;
  /** What can be rolled back to, newest first, with the active one. */
  versions(active: CatalogPointer, signal: AbortSignal): Promise<readonly PublishedVersion[]>;
  /** The files of a version, checked by count and hash. */
  files(version: CatalogPointer, signal: AbortSignal): Promise<readonly CatalogFile[]>;
  publish(publication: Publication, signal: AbortSignal): Promise<CatalogPointer>;
  activate(activation: Activation, signal: AbortSignal): Promise<void>;
  /** Deletes what no longer is kept, and what interrupted pushes left; gives the count. */
  prune(signal: AbortSignal): Promise<number>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export function createCatalogStore({ table, region, profile }: CatalogStoreOptions): CatalogStore {
  const client = new DynamoDBClient({
    logger: silent,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  const ask = <T>(action: string, signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    askAws({ what: 'the catalog table', action, profile }, signal, async (inner) => {
      try {
        return await send(inner);
      } catch (error) {
        throw toKnown(error) ?? error;
      }
    });

  return {
    active: (signal) => ask('dynamodb:GetItem', signal, (inner) => readActive(client, table, inner)),
    versions: (active, signal) =>
      ask('dynamodb:Query', signal, async (inner) => keptOf(await listVersions(client, table, inner), active)),
    files: (version, signal) => ask('dynamodb:Query', signal, (inner) => readVersion(client, table, version, inner)),
    publish: (publication, signal) =>
      ask('dynamodb:PutItem and BatchWriteItem', signal, (inner) =>
        publishCatalog(client, table, { ...publication, signal: inner }),
      ),
    activate: (activation, signal) =>
      ask('dynamodb:PutItem', signal, (inner) => activateVersion(client, table, { ...activation, signal: inner })),
    prune: (signal) =>
      ask('dynamodb:DeleteItem and BatchWriteItem', signal, (inner) => pruneVersions(client, table, inner)),
    close: () => client.destroy(),
  };
}

/** What only this table can say, in words for a person. */
function toKnown(cause: unknown): OktaOtpError | undefined {
  if (cause instanceof ResourceNotFoundException) {
    const hint = 'compare --table, --region and --profile with what is deployed';
    return new OktaOtpError('catalog-table-not-found', 'the catalog table does not exist', { hint, cause });
  }
  if (cause instanceof UnsoundCatalogError) {
    const hint = 'okta-otp catalog history, then push again or roll back to a sound version';
    return new OktaOtpError('catalog-unsound', `what the table holds is not sound: ${cause.message}`, { hint, cause });
  }
  if (cause instanceof PublishConflictError) {
    const { active } = cause;
    const other =
      active === undefined
        ? 'the active version is gone'
        : `version ${active.number} was made active by ${printable(active.by)} at ${new Date(active.since).toISOString()}`;
    const hint = 'okta-otp catalog diff, and then again what you wanted';
    return new OktaOtpError('catalog-conflict', `${other}; nothing of yours was published`, { hint, cause });
  }
  return undefined;
}

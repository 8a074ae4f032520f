import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { openWorkspace } from '../../src/cli/workspace.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { actionReply } from '../../src/core/hook-response.ts';
import type { LocalAws, LocalAwsOptions } from '../../src/local/aws.ts';
import { startLocalAws } from '../../src/local/aws.ts';
import type { Invocable } from '../../src/local/function-pool.ts';
import { sdkEnv } from './failures-queue.ts';
import { catalogFiles } from './fake-catalog.ts';
import type { FakeContext, FakeContextOptions } from './fake-context.ts';
import { createFakeContext } from './fake-context.ts';
import type { HastyClock } from './hasty-clock.ts';
import type { ManagedAccountUnderTest } from './managed-account.ts';
import { useManagedAccount } from './managed-account.ts';

/** An operator's folder and an AWS account on the wire, and what a test does with them. */
export interface DeployWorld {
  readonly aws: LocalAws;
  readonly messaging: ManagedAccountUnderTest;
  readonly clock: HastyClock;
  readonly dir: string;
  /** Runs a command line in the folder. */
  run(args: readonly string[], options?: FakeContextOptions): Promise<Ran>;
  /** The same, with a hand on the context while it runs. */
  start(
    args: readonly string[],
    options?: FakeContextOptions,
  ): { readonly context: FakeContext; readonly ended: Promise<Ran> };
  /** Writes `okta-otp.json` with one environment, some of its settings written otherwise. */
  configure(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  writeCatalog(...files: readonly CatalogFile[]): Promise<void>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

export const account = '000000000000';
export const stackName = 'okta-otp-prod';
/** End User Messaging has it from the start; the stack's protect configuration gets its id, since the two do not know each other. */
export const protectConfiguration = 'protect-00000000000000000000000000000001';

/** Stands for the sender where a stack's function is invoked: the bundle itself runs in other tests. */
const sendingFunction: Invocable = {
  async invoke() {
    const { status, body } = actionReply('SUCCESSFUL', { provider: 'test' });
    return { kind: 'answered', payload: { statusCode: status, body: JSON.stringify(body) } };
  },
};

const okta = { issuer: 'https://example.okta.com/oauth2/default' };

export function useDeployWorld(): (options?: Partial<LocalAwsOptions>) => Promise<DeployWorld> {
  const startMessaging = useManagedAccount();
  const open: { close(): Promise<unknown> }[] = [];

  beforeEach(() => {
    for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
    vi.unstubAllEnvs();
  });

  return async (options = {}) => {
    const messaging = await startMessaging({ protectConfigurations: [protectConfiguration] });
    // One time for all of them, since the services have quotas by the second.
    const { clock } = messaging;
    const aws = await startLocalAws({
      clock,
      attributesOf: ({ type }) =>
        type === 'AWS::SMSVOICE::ProtectConfiguration'
          ? {
              ref: protectConfiguration,
              attributes: {
                ProtectConfigurationId: protectConfiguration,
                Arn: `arn:aws:sms-voice:us-east-1:${account}:protect-configuration/${protectConfiguration}`,
              },
            }
          : undefined,
      functionOf: (logicalId) => (logicalId === 'SenderFunction' ? sendingFunction : undefined),
      ...options,
    });
    const dir = await mkdtemp(join(tmpdir(), 'deploy-'));
    open.push(aws, { close: () => rm(dir, { recursive: true }) });
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    let ids = 0;

    const start: DeployWorld['start'] = (args, given = {}) => {
      const context = createFakeContext({
        clock,
        ...given,
        services: { gitAuthor: async () => 'ann', postEmpty: async () => 401, ...given.services },
      });
      const newId = () => {
        ids += 1;
        return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
      };
      const ended = main(args, { ...context, cwd: dir, newId }).then((code) => ({
        code,
        out: context.out(),
        err: context.err(),
        asked: context.asked(),
      }));
      return { context, ended };
    };
    const world: DeployWorld = {
      aws,
      messaging,
      clock,
      dir,
      start,
      run: (args, given) => start(args, given).ended,
      async configure(settings = {}) {
        const environment = { region: aws.region, account, stackName, okta, ...settings };
        await writeFile(join(dir, 'okta-otp.json'), JSON.stringify({ environments: { prod: environment } }));
      },
      async writeCatalog(...files) {
        for (const file of files) await openWorkspace(dir).write(file);
      },
    };
    await world.configure();
    await world.writeCatalog(...catalogFiles());
    return world;
  };
}

import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { StackSources } from '../../src/deploy/prepare-stack.ts';
import { prepareStack } from '../../src/deploy/prepare-stack.ts';
import { catalogFiles } from '../support/fake-catalog.ts';
import { stackEnvironment, stackText } from '../support/stack-environment.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const sources = (more: Partial<StackSources> = {}): StackSources => ({
  environment: stackEnvironment({ tags: { team: 'identity' } }),
  region: 'eu-west-1',
  template: stackText,
  bundles: { sender: encode('sender'), authorizer: encode('authorizer') },
  catalog: catalogFiles(),
  bucket: 'okta-otp-111122223333-eu-west-1',
  spendLimits: { text: 100, voice: undefined },
  canary: false,
  ...more,
});
/** What of a stack differs from the usual one. */
const differing = (more: Partial<StackSources>) => {
  const [usual, other] = [prepareStack(sources()), prepareStack(sources(more))];
  return {
    template: usual.template !== other.template,
    parameters: Object.keys(usual.parameters).filter((name) => usual.parameters[name] !== other.parameters[name]),
  };
};

describe('a stack that is prepared', () => {
  it('is the same for the same sources, to the byte', () => {
    expect(prepareStack(sources())).toEqual(prepareStack(sources()));
  });

  it('names its artifacts by what is in them, and its parameters name the artifacts', () => {
    const { artifacts, parameters, tags } = prepareStack(sources());
    const contents = artifacts.map(({ bytes }) => Object.keys(unzipSync(bytes)));
    expect(contents).toEqual([['catalog.json', 'index.cjs'], ['index.cjs']]);
    const hashes = artifacts.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
    expect(artifacts.map(({ key }) => key)).toEqual([`sender/${hashes[0]}.zip`, `authorizer/${hashes[1]}.zip`]);
    expect(parameters).toMatchObject({
      ArtifactBucket: 'okta-otp-111122223333-eu-west-1',
      SenderKey: artifacts[0]?.key,
      AuthorizerKey: artifacts[1]?.key,
      TextSpendLimitUsd: '100',
      VoiceSpendLimitUsd: '0',
      Canary: 'false',
    });
    expect(tags).toEqual({ team: 'identity' });
  });

  it('has each bundle in the function that it is for', () => {
    const texts = prepareStack(sources()).artifacts.map(({ bytes }) =>
      strFromU8(unzipSync(bytes)['index.cjs'] ?? new Uint8Array()),
    );
    expect(texts).toEqual(['sender', 'authorizer']);
  });

  it('has a new version of that function alone whose code is another', () => {
    const bundles = { sender: encode('sender'), authorizer: encode('authorizer') };
    expect(differing({ bundles: { ...bundles, sender: encode('other') } })).toEqual({
      template: false,
      parameters: ['SenderKey', 'SenderRelease'],
    });
    expect(differing({ bundles: { ...bundles, authorizer: encode('other') } })).toEqual({
      template: false,
      parameters: ['AuthorizerKey', 'AuthorizerRelease'],
    });
    expect(differing({ catalog: catalogFiles().slice(1) })).toEqual({
      template: false,
      parameters: ['SenderKey', 'SenderRelease'],
    });
  });

  it('has another deployment of its API when that is another', () => {
    const { api } = stackEnvironment();
    const { template, parameters } = differing({ environment: stackEnvironment({ api: { ...api, path: '/otp' } }) });
    expect({ template, parameters }).toEqual({ template: true, parameters: ['HookPath'] });
  });

  it('needs the bucket for a template that does not fit into a request', () => {
    expect(prepareStack(sources()).needsBucket).toBe(false);
    expect(prepareStack(sources({ template: `${stackText}Metadata: ${'x'.repeat(51_200)}\n` })).needsBucket).toBe(true);
  });
});

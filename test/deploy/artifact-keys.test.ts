import { describe, expect, it } from 'vitest';
import { defaultBucket, keyIn, templateArtifact } from '../../src/deploy/artifact-bucket.ts';

const shared = { artifactPrefix: 'tools/otp' };
const own = { artifactPrefix: undefined };

describe('what is uploaded', () => {
  it('lies in the folders of a bucket that is shared, and at the top of one that is not', () => {
    expect(keyIn(shared, 'sender/5e4d.zip')).toBe('tools/otp/sender/5e4d.zip');
    expect(keyIn(own, 'sender/5e4d.zip')).toBe('sender/5e4d.zip');
  });

  it('is, of a template, named by its content', () => {
    const [one, again, other] = [
      templateArtifact(shared, 'Resources: {}'),
      templateArtifact(shared, 'Resources: {}'),
      templateArtifact(own, 'Resources:'),
    ];
    expect(one.key).toMatch(/^tools\/otp\/templates\/[0-9a-f]{64}\.yaml$/);
    expect(again).toEqual(one);
    expect(other.key).toMatch(/^templates\/[0-9a-f]{64}\.yaml$/);
    expect(other.key).not.toContain(one.key.slice(-69));
    expect(new TextDecoder().decode(one.bytes)).toBe('Resources: {}');
  });

  it('goes by default into a bucket of the account and Region, with the prefix of the names', () => {
    expect(defaultBucket({ namePrefix: 'acme' }, '123456789012', 'eu-west-1')).toBe('acme-123456789012-eu-west-1');
  });
});

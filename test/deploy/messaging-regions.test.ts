import { describe, expect, it } from 'vitest';
import { messagingRegions } from '../../src/deploy/messaging-regions.ts';
import { stackEnvironment } from '../support/stack-environment.ts';

const regionsOf = (regions: readonly string[] | undefined, deployedTo: string) => {
  const environment = stackEnvironment();
  return messagingRegions({ ...environment, messaging: { ...environment.messaging, regions } }, deployedTo);
};

describe('the Regions in which a stack may send', () => {
  it('are its own, also where that is not the one in okta-otp.json', () => {
    expect(regionsOf(undefined, 'eu-west-1')).toEqual(['eu-west-1']);
    expect(regionsOf(undefined, 'us-east-1')).toEqual(['us-east-1']);
  });

  it('are those of the setting, as long as its own is among them', () => {
    expect(regionsOf(['us-east-1', 'eu-west-1'], 'eu-west-1')).toEqual(['us-east-1', 'eu-west-1']);
    expect(regionsOf(['us-east-1'], 'us-east-1')).toEqual(['us-east-1']);
  });

  it('are refused without its own, by the name of the setting', () => {
    expect(() => regionsOf(['us-east-1'], 'eu-west-1')).toThrow(
      expect.objectContaining({
        code: 'messaging-region',
        exitCode: 2,
        message: expect.stringMatching(/^environments\.prod\.messaging\.regions does not name eu-west-1, /),
        hint: expect.stringContaining('name eu-west-1 there'),
      }),
    );
  });
});

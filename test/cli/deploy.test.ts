import { describe, expect, it } from 'vitest';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();

describe('deploy', () => {
  it('brings up a stack, publishes the catalog and says what to do next', async () => {
    const world = await startWorld();
    const { code, out, err } = await world.run(['deploy', '--yes']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toBe('x');
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('CREATE_COMPLETE');
  });
});

import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';
import { catalogFiles } from '../support/fake-catalog.ts';

const startWorld = useDeployWorld();
const lines = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
const errorOf = (err: string) => JSON.parse(err.trimEnd().split('\n').at(-1) ?? '').error;

describe('deploy', () => {
  it('brings up a stack, publishes the catalog, tries it and says what to do next', async () => {
    const world = await startWorld();
    const { code, out, err } = await world.run(['deploy', '--yes']);
    expect(err).toContain('41 to add, 0 to change, 0 to remove');
    expect(err).toContain('create complete      SenderAlias (AWS::Lambda::Alias)');
    expect(err).toContain('Published version 1');
    expect(err).toContain('ok dry-run: the sender would have sent a code');
    expect(err).toContain('Next: put clientIds and scope of the Okta hook into okta-otp.json');
    expect(out).toMatch(/^https:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/prod\/mfa\n$/);
    expect(code).toBe(0);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('CREATE_COMPLETE');
    expect(world.aws.apiGateway.cloudwatchRoleArn()).toMatch(/okta-otp-api-gateway-logs$/);
  });

  it('begins every name of its own with the prefix, and keeps to its folders of a bucket', async () => {
    const world = await startWorld();
    await world.configure({ stackName: undefined, namePrefix: 'acme', artifactPrefix: 'tools/otp' });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(0);
    expect(world.aws.cloudformation.stack('acme-prod')?.status).toBe('CREATE_COMPLETE');
    expect(world.aws.apiGateway.cloudwatchRoleArn()).toMatch(/\/acme-api-gateway-logs$/);
    expect(err).toContain('Made the bucket acme-000000000000-us-east-1 for code and templates.');
    expect(err).toMatch(/Uploaded tools\/otp\/sender\/[0-9a-f]{64}\.zip, tools\/otp\/authorizer\/[0-9a-f]{64}\.zip/);
    expect((await world.run(['deploy', '--yes'])).err).toBe('Nothing to deploy: acme-prod is as it should be.\n');
    const gone = await world.run(['destroy', '--yes']);
    expect(gone.err).toContain(
      'aws s3 rm --recursive s3://acme-000000000000-us-east-1/tools/otp/sender --region us-east-1; ',
    );
    expect(gone.err).not.toContain('aws s3 rb');
  });

  it('changes nothing on the wire when nothing has changed', async () => {
    const world = await startWorld();
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    world.aws.log.clear();
    const again = await world.run(['deploy', '--yes']);
    expect(again).toMatchObject({ code: 0, out: '', err: `Nothing to deploy: ${stackName} is as it should be.\n` });
    expect(world.aws.log.mutating()).toEqual([]);
    expect(world.aws.log.calls().length).toBeGreaterThan(2);
    // That the last one went out slowly, or this one would, is no change.
    expect((await world.run(['deploy', '--yes', '--canary'])).err).toContain('Nothing to deploy');
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('updates what has changed, uploads only that, and keeps the rest', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    world.aws.log.clear();
    await world.writeCatalog(...catalogFiles({ settings: { org: 'Other' } }).slice(0, 1));
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(0);
    expect(err).toMatch(/Uploaded sender\/[0-9a-f]{64}\.zip\.\n/);
    expect(err).toContain('~ SenderFunction');
    expect(err).not.toContain('AuthorizerFunction');
    expect(err).toContain('  ~ settings.json\n      ~ org\n');
    expect(err).toContain('Published version 2');
    expect(world.aws.log.mutating().filter((call) => call === 's3:PutObject')).toHaveLength(1);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('UPDATE_COMPLETE');
  });

  it('flags what is replaced, and what permits more through a parameter', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    await world.configure({ messaging: { regions: ['us-east-1', 'eu-west-1'] } });
    const { err } = await world.run(['deploy', '--dry-run']);
    expect(err).toMatch(/~ SenderRole .*AWS::IAM::Role/);
    expect(err).toContain('PERMITS MORE  depends on the parameter MessagingRegions');
    await world.configure({ api: { stage: 'other' } });
    expect((await world.run(['deploy', '--dry-run'])).err).toMatch(/ApiStage .*REPLACED/);
  });

  it('may send where it is really deployed to, and is refused where it could not', async () => {
    const world = await startWorld({ region: 'eu-west-1' });
    await world.configure({ region: 'us-east-1' });
    expect((await world.run(['deploy', '--yes', '--region', 'eu-west-1'])).code).toBe(0);
    const role = world.aws.cloudformation.stack(stackName)?.resources.get('SenderRole');
    expect(JSON.stringify(role?.properties)).toContain('"aws:RequestedRegion":["eu-west-1"]');
    await world.configure({ region: 'us-east-1', messaging: { regions: ['us-east-1'] } });
    world.aws.log.clear();
    for (const command of [['deploy', '--dry-run'], ['diff']]) {
      const { code, err } = await world.run([...command, '--region', 'eu-west-1']);
      expect(code).toBe(2);
      expect(err).toContain('environments.prod.messaging.regions does not name eu-west-1');
    }
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('leaves nothing behind after a dry run', async () => {
    const world = await startWorld();
    const first = await world.run(['deploy', '--dry-run']);
    expect(first.code).toBe(0);
    expect(first.err).toContain('41 to add');
    expect(first.err).toMatch(/A dry run: nothing was changed\.\n$/);
    expect(world.aws.cloudformation.stack(stackName)).toBeUndefined();
    expect(world.aws.log.mutating()).toEqual([
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:DeleteStack',
    ]);
    await world.run(['deploy', '--yes']);
    const changeSets = () => [...(world.aws.cloudformation.stack(stackName)?.changeSets.keys() ?? [])];
    const executed = changeSets();
    await world.configure({ functions: { memoryMb: 512 } });
    const second = await world.run(['deploy', '--dry-run', '--json']);
    expect(lines(second.out).map(({ type }) => type)).toEqual(['plan', 'done']);
    expect(world.aws.cloudformation.stack(stackName)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(changeSets()).toEqual(executed);
  });

  it('supplies the other commands with what is deployed', async () => {
    const world = await startWorld();
    const early = await world.run(['catalog', 'status', '--env', 'prod', '--json']);
    expect(early.code).toBe(1);
    expect(JSON.parse(early.err)).toMatchObject({ error: { code: 'not-deployed' } });
    await world.run(['deploy', '--yes']);
    const status = await world.run(['catalog', 'status', '--json']);
    expect(JSON.parse(status.out)).toMatchObject({ active: { number: 1 } });
    const failures = await world.run(['failures', 'list', '--env', 'prod', '--json']);
    expect(failures.code).toBe(0);
    // The hook and the issuer are known now; what is missing is the operator's own key.
    const call = await world.run(['test-call', '+34612345678', '--env', 'prod', '--json']);
    expect(call.code).toBe(2);
    expect(JSON.parse(call.err)).toMatchObject({ error: { code: expect.stringMatching(/^(client|credentials|key)/) } });
  });

  it('asks before it does anything, and takes back its change set on a no', async () => {
    const world = await startWorld();
    const { code, asked } = await world.run(['deploy'], { typed: 'n' });
    expect({ code, asked }).toEqual({ code: 130, asked: ['Deploy this to prod? (y/N)'] });
    expect(world.aws.cloudformation.stack(stackName)).toBeUndefined();
    expect(world.aws.apiGateway.cloudwatchRoleArn()).toBeUndefined();
  });

  it('asks for the name of a production environment', async () => {
    const world = await startWorld();
    await world.configure({ production: true });
    const no = await world.run(['deploy'], { typed: 'y' });
    expect(no).toMatchObject({ code: 130, asked: ['Type "prod" to deploy this to production:'] });
    expect((await world.run(['deploy'], { typed: 'prod' })).code).toBe(0);
  });

  it('refuses without --yes where nobody can be asked, before it calls AWS', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['deploy', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 2, error: 'confirmation-missing' });
    expect(world.aws.log.calls()).toEqual([]);
  });

  it('refuses another account than the one that is meant', async () => {
    const world = await startWorld();
    await world.configure({ account: '111111111111' });
    const { code, err } = await world.run(['deploy', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 4, error: 'account-wrong' });
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('says in one line that credentials have expired', async () => {
    const world = await startWorld();
    world.aws.sts.failCalls({ kind: 'expired' });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(4);
    expect(err).toBe(
      'error: the AWS credentials have expired\nhint: aws sso login, or name a profile with --profile\n',
    );
  });

  it('says on the last line which resource failed first, and why; the next run starts anew', async () => {
    const world = await startWorld();
    world.aws.cloudformation.failResource({
      logicalId: 'Firewall',
      on: 'create',
      reason: 'no more web ACLs',
      times: 1,
    });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(1);
    expect(err.trimEnd().split('\n').slice(-2)).toEqual([
      'hint: nothing of it is left running; remove the cause, then okta-otp deploy deletes the rest and creates it anew',
      'error: Firewall (AWS::WAFv2::WebACL) failed: no more web ACLs',
    ]);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('ROLLBACK_COMPLETE');

    const looked = await world.run(['deploy', '--dry-run']);
    expect(looked.err).toContain('41 to add');
    expect(looked.err).toContain('The stack that is there would be deleted first');
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('ROLLBACK_COMPLETE');

    const declined = await world.run(['deploy'], { typed: 'n' });
    expect(declined).toMatchObject({
      code: 130,
      asked: ['It can only be deleted and created anew; nothing runs in it. Delete it? (y/N)'],
    });
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('CREATE_COMPLETE');
  });

  it('keeps the reason and the hint together in JSON, one document a line before it', async () => {
    const world = await startWorld();
    world.aws.cloudformation.failResource({ logicalId: 'Firewall', on: 'create', reason: 'no more web ACLs' });
    const { code, out, err } = await world.run(['deploy', '--yes', '--json']);
    expect(code).toBe(1);
    const types = lines(out).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['artifacts', 'plan', 'logging-role', 'resource', 'stack']));
    expect(errorOf(err)).toEqual({
      code: 'deploy-failed',
      message: 'Firewall (AWS::WAFv2::WebACL) failed: no more web ACLs',
      hint: expect.stringContaining('nothing of it is left running'),
    });
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('goes back to what ran before when an update fails', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    await world.configure({ functions: { memoryMb: 512 } });
    world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect({ code, last: err.trimEnd().split('\n').at(-1) }).toEqual({
      code: 1,
      last: 'error: SenderFunction (AWS::Lambda::Function) failed: no',
    });
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    // Now as before, and yet not as it should be.
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('UPDATE_COMPLETE');
  });

  it('ends a rollback that has failed, and then deploys', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    await world.configure({ functions: { memoryMb: 512 } });
    world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
    world.aws.cloudformation.failResource({ logicalId: 'AuthorizerFunction', on: 'rollback', reason: 'no!', times: 1 });
    await world.run(['deploy', '--yes']);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('UPDATE_ROLLBACK_FAILED');
    world.aws.cloudformation.clearFaults();
    const { code, asked, err } = await world.run(['deploy'], { typed: 'y' });
    expect(asked[0]).toBe('An update failed, and so did going back. Go on with going back? (y/N)');
    expect(err).not.toContain('It failed');
    expect(code).toBe(0);
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('UPDATE_COMPLETE');
  });

  it('bears throttling, lost answers and short pages', async () => {
    const world = await startWorld({ pageSize: 3 });
    world.aws.cloudformation.failCalls({ kind: 'throttled', times: 4 });
    world.aws.cloudformation.failCalls({ operation: 'CreateChangeSet', kind: 'lost' });
    world.aws.cloudformation.failCalls({ operation: 'ExecuteChangeSet', kind: 'lost' });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(err).toContain('41 to add');
    expect(code).toBe(0);
  });

  it('gives up on throttling that does not end', async () => {
    const world = await startWorld();
    world.aws.cloudformation.failCalls({ kind: 'throttled', times: 1_000 });
    const { code, err } = await world.run(['deploy', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 1, error: 'aws-throttled' });
  });

  it('says that the plan no longer holds when somebody else was faster', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    await world.configure({ functions: { memoryMb: 512 } });
    const { context, ended } = world.start(['deploy', '--json'], { typed: 'y' });
    const other = world.aws.cloudformation;
    const timer = setInterval(() => {
      const [name] = [...(other.stack(stackName)?.changeSets.keys() ?? [])];
      if (name !== undefined && context.asked().length > 0) other.forgetChangeSet(stackName, name);
    }, 0);
    const { code, err } = await ended;
    clearInterval(timer);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 1, error: 'change-set-expired' });
  });

  it('is no success when somebody else deletes the stack meanwhile', async () => {
    const world = await startWorld();
    const { context, ended } = world.start(['deploy', '--yes', '--json']);
    const client = new CloudFormationClient({ region: world.aws.region });
    let deleted: Promise<unknown> | undefined;
    const timer = setInterval(() => {
      if (!context.out().includes('"CREATE_IN_PROGRESS"')) return;
      deleted ??= client.send(new DeleteStackCommand({ StackName: stackName }));
    }, 0);
    const { code, err } = await ended;
    clearInterval(timer);
    await deleted;
    client.destroy();
    expect({ code, error: errorOf(err).code }).toEqual({ code: 1, error: 'stack-gone' });
  });

  it('says on Ctrl-C what goes on, and attaches to it the next time', async () => {
    const world = await startWorld();
    const { context, ended } = world.start(['deploy', '--yes']);
    const timer = setInterval(() => {
      if (context.err().includes('create in progress   Firewall ')) context.interrupt();
    }, 0);
    const { code, err } = await ended;
    clearInterval(timer);
    expect(code).toBe(130);
    expect(err).toMatch(
      /Interrupted here; CloudFormation goes on\. To see how it ends: okta-otp deploy \(or okta-otp status\)\.\n$/,
    );
    expect(world.aws.cloudformation.stack(stackName)?.status).toBe('CREATE_IN_PROGRESS');
    const again = await world.run(['deploy', '--yes']);
    expect(again.err).toContain('The stack is CREATE_IN_PROGRESS: waiting until that is over.');
    expect(again.err).toContain('Published version 1');
    expect(again.code).toBe(0);
  });

  it('takes back what it made to look when it is interrupted before', async () => {
    const world = await startWorld();
    const { context, ended } = world.start(['deploy', '--yes']);
    const timer = setInterval(() => {
      if (context.err().includes('Asking CloudFormation')) context.interrupt();
    }, 0);
    const { code, err } = await ended;
    clearInterval(timer);
    expect(code).toBe(130);
    expect(err).toMatch(
      /Taking back what was made .+\nInterrupted; the stack was not changed\. To go on: okta-otp deploy\n$/,
    );
    await world.aws.cloudformation.settle();
    expect(world.aws.cloudformation.stack(stackName)?.status ?? 'gone').toBe('gone');
  });

  it('refuses a catalog that is not valid before it calls CloudFormation to change anything', async () => {
    const world = await startWorld();
    await world.writeCatalog({ path: 'settings.json', text: '{' });
    const { code, err } = await world.run(['deploy', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 2, error: 'catalog-invalid' });
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('ends with 3 when what it has deployed does not work', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['deploy', '--yes'], { services: { postEmpty: async () => 200 } });
    expect(code).toBe(3);
    expect(err).toContain('BAD hook-url: should refuse what has no token, and gives HTTP 200');
  });

  it('bears that the allow-list keeps the operator out, too', async () => {
    const world = await startWorld();
    const services = { postEmpty: async () => 403 };
    await world.configure({ api: { allowedAddresses: ['203.0.113.0/24'] } });
    const { code, err } = await world.run(['deploy', '--yes'], { services });
    expect(code).toBe(0);
    expect(err).toContain('note hook-url: answers 403: blocked by the firewall from here');
    await world.configure();
    expect((await world.run(['deploy', '--yes'], { services })).code).toBe(3);
  });

  it('draws a bar and the resources in work on a terminal', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['deploy'], { typed: 'y', env: { TERM: 'xterm' } });
    expect(code).toBe(0);
    expect(err).toContain('[........................] 0 of 41\n');
    expect(err).toContain('[########################] 41 of 41\n');
    expect(err).toContain('\u001b[7A\r\u001b[J');
  });
});

describe('diff', () => {
  it('compares by reading alone, and ends with 3 when it is asked to and there is a difference', async () => {
    const world = await startWorld();
    const first = await world.run(['diff', '--exit-code']);
    expect(first.code).toBe(3);
    expect(first.out).toContain('41 to add');
    await world.run(['deploy', '--yes']);
    world.aws.log.clear();
    expect(await world.run(['diff', '--exit-code'])).toMatchObject({ code: 0, out: '', err: 'No difference.\n' });
    await world.configure({ functions: { memoryMb: 512 } });
    const { code, out } = await world.run(['diff', '--exit-code', '--json']);
    expect(code).toBe(3);
    const found = JSON.parse(out);
    expect(found.parameters).toContain('MemoryMb');
    expect(found.resources.map(({ logicalId }: { logicalId: string }) => logicalId)).toContain('SenderFunction');
    expect((await world.run(['diff'])).code).toBe(0);
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('shows what a setting changes by a condition of the template, and what that permits more', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    await world.configure({ data: { customerManagedKey: true } });
    const { out } = await world.run(['diff']);
    expect(out).toMatch(/~ CatalogTable +AWS::DynamoDB::Table +SSESpecification\n/);
    expect(out).toMatch(/~ SenderRole +AWS::IAM::Role +Policies\n +PERMITS MORE {2}kms:Decrypt\n/);
  });

  it('has nothing left to show once the last tag is gone', async () => {
    const world = await startWorld();
    await world.configure({ tags: { team: 'identity' } });
    await world.run(['deploy', '--yes']);
    await world.configure();
    expect((await world.run(['diff', '--exit-code'])).code).toBe(3);
    await world.run(['deploy', '--yes']);
    expect((await world.run(['diff', '--exit-code'])).code).toBe(0);
  });
});

/** With which the hook lets somebody in. */
const okta = { issuer: 'https://example.okta.com/oauth2/default', clientIds: ['0oa1'], scope: 'otp' };

describe('status', () => {
  it('says that nothing is deployed', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['status']);
    expect({ code, err }).toEqual({ code: 3, err: 'Nothing is deployed yet: okta-otp deploy\n' });
  });

  it('shows a stack that never came up, in which there is nothing to look at', async () => {
    const world = await startWorld();
    world.aws.cloudformation.failResource({ logicalId: 'Firewall', on: 'create', reason: 'no', times: 1 });
    await world.run(['deploy', '--yes']);
    const { code, out } = await world.run(['status']);
    expect(code).toBe(3);
    expect(out).toMatch(/sender +no alias\nauthorizer +no alias\n/);
    expect(out).not.toContain('AWS refused');
    expect(out).toContain('NOT WELL: the stack is ROLLBACK_COMPLETE');
  });

  it('shows every part of an environment, and ends with 3 while an alarm rings', async () => {
    const world = await startWorld();
    await world.configure({ okta });
    await world.run(['deploy', '--yes']);
    world.aws.log.clear();
    const { code, out } = await world.run(['status']);
    expect(out).toMatch(/^environment\s+prod, account 000000000000, us-east-1\nstack\s+okta-otp-prod CREATE_COMPLETE/);
    expect(out).toMatch(/sender\s+version 1\n/);
    expect(out).toMatch(/catalog\s+version 1 since/);
    expect(out).toMatch(/failures\s+none waiting\n/);
    expect(out).toMatch(/alarms\s+0 of 10 ringing\n/);
    expect(out).toMatch(/messaging\s+production, SMS up to \$\d+ a month/);
    expect(out).toMatch(/All is well\.\n$/);
    expect(code).toBe(0);
    expect(world.aws.log.mutating()).toEqual([]);
    const alarm = world.aws.cloudformation.stack(stackName)?.resources.get('FallbacksAlarm')?.physicalId ?? '';
    world.aws.cloudWatch.setAlarm(alarm, 'ALARM');
    const ringing = await world.run(['status', '--json']);
    expect(ringing.code).toBe(3);
    expect(JSON.parse(ringing.out).notWell).toEqual([`alarm ${alarm}`]);
  });
});

describe('the kill switch', () => {
  it('is what status shows first to whoever looks for the codes, and a deployment says that it is on again', async () => {
    const world = await startWorld();
    await world.configure({ okta });
    await world.run(['deploy', '--yes']);
    await world.run(['catalog', 'switch', 'off', '--yes']);
    const { code, out } = await world.run(['status']);
    expect(code).toBe(3);
    expect(out).toMatch(/^catalog +version 2 since .* UTC, SWITCHED OFF$/m);
    expect(out).toMatch(/^NOT WELL: sending is switched off: okta-otp catalog switch on$/m);
    expect(JSON.parse((await world.run(['status', '--json'])).out).catalog.value).toMatchObject({ sends: false });
    expect((await world.run(['catalog', 'status'])).out).toMatch(/^sending +OFF: okta-otp catalog switch on$/m);
    const planned = await world.run(['deploy', '--dry-run']);
    expect(planned.err).toContain('- enabled  THE KILL SWITCH: SENDING IS ON AGAIN\n');
    expect(planned.err).toContain('; 1 catalog file differs\n');
    const refused = await world.run(['deploy', '--yes']);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('this would switch it on again') });
    expect((await world.run(['status'])).code).toBe(3);
    expect((await world.run(['deploy', '--yes', '--switch-on'])).code).toBe(0);
    expect((await world.run(['status'])).out).toMatch(/All is well\.\n$/);
  });
});

describe('destroy', () => {
  it('deletes the stack and its tables once the name was typed, and says what stays', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    const no = await world.run(['destroy'], { typed: 'y' });
    expect(no).toMatchObject({ code: 130, asked: ['Type "prod" to delete it:'] });
    expect(no.err).toContain('deactivate the telephony inline hook');
    expect(no.err).toContain('$0.40 a month');
    const { code, err } = await world.run(['destroy'], { typed: 'prod' });
    expect(code).toBe(0);
    expect(err).toMatch(/Deleted okta-otp-prod\.\n$/);
    expect(world.aws.cloudformation.stack(stackName)).toBeUndefined();
    expect((await world.run(['destroy', '--yes'])).err).toBe('There is no stack to delete.\n');
  });

  it("names the customer's own key, which costs a dollar a month", async () => {
    const world = await startWorld();
    await world.configure({ data: { customerManagedKey: true } });
    await world.run(['deploy', '--yes']);
    const key = world.aws.cloudformation.stack(stackName)?.resources.get('DataKey')?.physicalId ?? '';
    const { err } = await world.run(['destroy', '--yes']);
    expect(err).toContain(
      `  key ${key}, without which the tables cannot be read ($1 a month): aws kms schedule-key-deletion --key-id ${key} --region us-east-1\n`,
    );
  });

  it('keeps the tables when it is told to', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    const { code, out } = await world.run(['destroy', '--yes', '--retain-data', '--json']);
    expect(code).toBe(0);
    const done = lines(out).at(-1);
    expect(done).toMatchObject({ type: 'done', deleted: true });
    expect(JSON.stringify(done)).toContain('delete-table');
  });

  it('refuses without --yes where nobody can be asked', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['destroy', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 2, error: 'confirmation-missing' });
  });

  it('says which resource stands in the way', async () => {
    const world = await startWorld();
    await world.run(['deploy', '--yes']);
    world.aws.cloudformation.failResource({
      logicalId: 'SenderRole',
      on: 'delete',
      reason: 'still attached',
      times: 1,
    });
    const { code, err } = await world.run(['destroy', '--yes']);
    expect({ code, last: err.trimEnd().split('\n').at(-1) }).toEqual({
      code: 1,
      last: 'error: SenderRole (AWS::IAM::Role) could not be deleted: still attached',
    });
    expect((await world.run(['destroy', '--yes'])).code).toBe(0);
  });
});

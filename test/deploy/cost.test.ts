import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixedCost, fixedItems, usageCost, usageItems, withCosts } from '../../scripts/cost.ts';
import { toStackParameters } from '../../src/deploy/stack-parameters.ts';
import { resolveStack } from '../support/resolve-stack.ts';
import { stackDefinition, stackInput, stackText } from '../support/stack-environment.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'cost.md'), 'utf8');
const items = fixedItems(stackText);
const countOf = (name: string) => items.find((item) => item.name.startsWith(name))?.count;

describe('docs/cost.md', () => {
  it('is what the template and the prices come to', () => {
    expect(page, 'docs/cost.md is out of date: run `npm run docs`').toBe(withCosts(page, stackText));
  });

  it('notices a rule more', () => {
    const dearer = stackText.replace('        - Name: common\n', '        - Name: one-more\n        - Name: common\n');
    expect(withCosts(page, dearer)).not.toBe(page);
  });

  it('cannot be written without its marks', () => {
    expect(() => withCosts('# What it costs', stackText)).toThrow('lacks');
  });
});

describe('the cost', () => {
  it('is of what a stack with the default settings has', () => {
    const definition = stackDefinition();
    const { resources } = resolveStack(definition, toStackParameters(definition, stackInput()));
    const all = Object.values(resources);
    const text = (type: string) =>
      JSON.stringify(all.filter((resource) => resource.type === type).map((one) => one.properties));
    expect(countOf('rules')).toBe(text('AWS::WAFv2::WebACL').match(/"Priority"/g)?.length);
    expect(countOf('metrics that alarms')).toBe(text('AWS::CloudWatch::Alarm').match(/"MetricName"/g)?.length);
    expect(countOf('dashboard')).toBe(1);
    expect(countOf('keys')).toBe(0);
  });

  it('has nothing in it that is paid for by the month and that nobody counted', () => {
    const definition = stackDefinition();
    const { resources } = resolveStack(definition, toStackParameters(definition, stackInput()));
    // What is free, or paid for by use alone.
    const free =
      /^AWS::(ApiGateway|IAM|Lambda|Logs|DynamoDB|SQS|SNS|SMSVOICE)::|^AWS::WAFv2::(WebACLAssociation|LoggingConfiguration)$/;
    const counted = [
      'AWS::WAFv2::WebACL',
      'AWS::SecretsManager::Secret',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
    ];
    const types = new Set(Object.values(resources).map(({ type }) => type));
    expect([...types].filter((type) => !free.test(type)).sort()).toEqual(counted.sort());
    expect(JSON.stringify(resources)).not.toMatch(/CacheClusterEnabled|ProvisionedThroughput"/);
  });

  it('has a dashboard that counts among those for nothing, which have 50 metrics at most', () => {
    const { resources } = stackDefinition();
    const body = JSON.stringify(resources['Dashboard']?.Properties['DashboardBody']);
    const metrics = body.match(/\[\\"(OktaOtp|AWS\/\w+|\.)\\", \\"/g) ?? [];
    expect(metrics.length).toBeGreaterThan(30);
    expect(metrics.length).toBeLessThanOrEqual(50);
  });

  it('is under ten dollars a month before anything is sent', () => {
    expect(fixedCost(items, 'with')).toBeLessThan(10);
    expect(fixedCost(items, 'with')).toBeGreaterThan(5);
    expect(fixedCost(items, 'without')).toBeGreaterThan(fixedCost(items, 'with'));
  });

  it('is counted by item', () => {
    const tenOfEach = [{ name: '', page: 'cloudwatch', price: 0.5, per: 'each', count: 12, allowance: 10 }] as const;
    expect(fixedCost(tenOfEach, 'with')).toBe(1);
    expect(fixedCost(tenOfEach, 'without')).toBe(6);
    expect(usageCost(1_000_000)).toBeCloseTo(3.5 + 0.6 + 0.4 + 6 + 1.25 + 0.125 + 1.907 + 10, 2);
    expect(usageItems.every(({ price, perDelivery }) => price > 0 && perDelivery > 0)).toBe(true);
  });
});

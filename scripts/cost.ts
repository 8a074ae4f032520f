import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStackTemplate, toRecord } from '../src/deploy/stack-definition.ts';

// Writes the sums of `docs/cost.md`. What there is to pay for is counted in the template, so that a new alarm or rule
// shows up in the page; `test/deploy/cost.test.ts` compares.

/**
 * List prices in USD, us-east-1, November 2026. Of the pages only those of X-Ray, API Gateway and CloudWatch's allowances
 * could be read as AWS has them; all other prices were compared with what at least one public price list carries.
 */
const pages = {
  waf: 'https://aws.amazon.com/waf/pricing/',
  cloudwatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  secrets: 'https://aws.amazon.com/secrets-manager/pricing/',
  api: 'https://aws.amazon.com/api-gateway/pricing/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  dynamodb: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  xray: 'https://aws.amazon.com/xray/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
} as const;

type Page = keyof typeof pages;

export interface Item {
  readonly name: string;
  readonly price: number;
  /** How `price` is meant, such as `a million`. */
  readonly per: string;
  readonly page: Page;
}

export interface FixedItem extends Item {
  readonly count: number;
  /** What CloudWatch gives every account each month for nothing. */
  readonly allowance: number;
}

export interface UsageItem extends Item {
  /** Of the unit in `per`. */
  readonly perDelivery: number;
  /** Why it is that much. */
  readonly because: string;
}

/** What costs the same whether anything is delivered or not, with the settings as they are by default. */
export function fixedItems(template: string): readonly FixedItem[] {
  const { resources } = parseStackTemplate(template);
  const unconditional = Object.values(resources).filter(
    // Spend limits are known as a rule, so that the alarms on them exist; every other condition is an option.
    ({ definition: { Condition } }) => Condition === undefined || /^Knows/.test(String(Condition)),
  );
  const of = (type: string) => unconditional.filter(({ Type }) => Type === type);
  const firewallRules = of('AWS::WAFv2::WebACL')
    .flatMap(({ Properties }) => [Properties['Rules'] ?? []].flat())
    .filter((rule) => toRecord(rule)['Fn::If'] === undefined);
  // An alarm on an expression pays for every metric in it.
  const alarmMetrics = of('AWS::CloudWatch::Alarm').flatMap(({ Properties }) => {
    const queries = [Properties['Metrics'] ?? []].flat();
    return queries.length === 0 ? [1] : queries.filter((query) => toRecord(query)['MetricStat'] !== undefined);
  });
  const item = (
    page: Page,
    name: string,
    count: number,
    [price, per, allowance = 0]: readonly [number, string, number?],
  ): FixedItem => ({ page, name, count, price, per, allowance });
  return [
    item('waf', 'Web ACL', of('AWS::WAFv2::WebACL').length, [5, 'each']),
    item('waf', 'rules of the firewall, groups included', firewallRules.length, [1, 'each']),
    item('secrets', 'secret (key of the number hash)', of('AWS::SecretsManager::Secret').length, [0.4, 'each']),
    item('cloudwatch', 'metrics that alarms look at', alarmMetrics.length, [0.1, 'each', 10]),
    item('cloudwatch', 'dashboard', of('AWS::CloudWatch::Dashboard').length, [3, 'each', 3]),
    item('kms', 'keys of the customer’s own', of('AWS::KMS::Key').length, [1, 'each']),
  ];
}

const million = 1_000_000;
const gigabyte = 1_073_741_824;

/** What a delivery costs beside the message, without any allowance and at its worst: each one with a token of its own. */
export const usageItems: readonly UsageItem[] = [
  {
    name: 'API Gateway, requests',
    page: 'api',
    price: 3.5,
    per: 'a million',
    perDelivery: 1 / million,
    because: 'one request',
  },
  {
    name: 'WAF, requests',
    page: 'waf',
    price: 0.6,
    per: 'a million',
    perDelivery: 1 / million,
    because: 'one request',
  },
  {
    name: 'Lambda, requests',
    page: 'lambda',
    price: 0.2,
    per: 'a million',
    perDelivery: 2 / million,
    because: 'authorizer and sender',
  },
  {
    name: 'Lambda on arm64, time',
    page: 'lambda',
    price: 0.0000133334,
    per: 'a GB-second',
    perDelivery: 0.45,
    because: '50 ms and 400 ms with 1 GB: the sender waits for AWS',
  },
  {
    name: 'DynamoDB, writes',
    page: 'dynamodb',
    price: 0.625,
    per: 'a million',
    perDelivery: 2 / million,
    because: 'an event is claimed, its answer kept',
  },
  {
    name: 'DynamoDB, reads',
    page: 'dynamodb',
    price: 0.125,
    per: 'a million',
    perDelivery: 1 / million,
    because: 'the catalog’s pointer, at worst',
  },
  {
    name: 'CloudWatch, logs',
    page: 'cloudwatch',
    price: 0.5,
    per: 'a GB',
    perDelivery: 4_096 / gigabyte,
    because: 'both functions and the access log: 4 KB',
  },
  {
    name: 'X-Ray, traces',
    page: 'xray',
    price: 5,
    per: 'a million',
    perDelivery: 2 / million,
    because: 'both functions; below one request a second all are traced',
  },
];

/** Metrics of the functions that have a value in every hour with a delivery; those that count trouble are paid for in its hours. */
const steadyMetrics = ['Deliveries', 'Accepted', 'TotalMs', 'SendMs', 'Authorizations', 'AuthorizerMs'];

/** $0.30 a month each, of which every account has ten for nothing. */
const metrics: FixedItem = {
  name: `metrics of the functions (${steadyMetrics.join(', ')})`,
  page: 'cloudwatch',
  price: 0.3,
  per: 'each',
  count: steadyMetrics.length,
  allowance: 10,
};

export const fixedCost = (items: readonly FixedItem[], allowances: 'with' | 'without') =>
  items.reduce(
    (sum, { count, price, allowance }) => sum + Math.max(0, count - (allowances === 'with' ? allowance : 0)) * price,
    0,
  );

export const usageCost = (deliveries: number) =>
  usageItems.reduce((sum, { perDelivery, price }) => sum + perDelivery * price * deliveries, 0);

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const priceOf = ({ price, per, page }: Item) => `[$${price} ${per}](${pages[page]})`;
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

/** The tables of `docs/cost.md`. */
export function renderCosts(template: string): string {
  const fixed = fixedItems(template);
  const everything = [...fixed, metrics];
  const withMetrics = (allowances: 'with' | 'without', deliveries: number) =>
    fixedCost(deliveries === 0 ? fixed : everything, allowances) + usageCost(deliveries);
  return [
    '### Fixed',
    '',
    row('item', 'count', 'price a month', 'list price', 'with the allowance'),
    row('---', '---:', '---', '---:', '---:'),
    ...fixed.map((item) =>
      row(
        item.name,
        item.count,
        priceOf(item),
        dollars(fixedCost([item], 'without')),
        dollars(fixedCost([item], 'with')),
      ),
    ),
    row('**sum**', '', '', `**${dollars(fixedCost(fixed, 'without'))}**`, `**${dollars(fixedCost(fixed, 'with'))}**`),
    '',
    '### By use',
    '',
    row('item', 'why', 'price', '1,000 deliveries', '1,000,000 deliveries'),
    row('---', '---', '---', '---:', '---:'),
    ...usageItems.map((item) =>
      row(
        item.name,
        item.because,
        priceOf(item),
        dollars(item.perDelivery * item.price * 1_000),
        dollars(item.perDelivery * item.price * million),
      ),
    ),
    row('**sum**', '', '', `**${dollars(usageCost(1_000))}**`, `**${dollars(usageCost(million))}**`),
    row(
      metrics.name,
      'in every hour with a delivery',
      priceOf(metrics),
      dollars(fixedCost([metrics], 'without')),
      dollars(fixedCost([metrics], 'without')),
    ),
    '',
    '### Altogether, a month',
    '',
    row('', 'nothing', '1,000 deliveries', '1,000,000 deliveries'),
    row('---', '---:', '---:', '---:'),
    ...(['with', 'without'] as const).map((allowances) =>
      row(
        `${allowances} CloudWatch’s allowances`,
        ...[0, 1_000, million].map((count) => dollars(withMetrics(allowances, count))),
      ),
    ),
  ].join('\n');
}

const begin = '<!-- costs: generated by `npm run docs` from scripts/cost.ts and the template -->';
const end = '<!-- end of costs -->';

/** Puts the tables as they are now between their marks; throws when the marks are not there. */
export function withCosts(page: string, template: string): string {
  const [head, rest] = page.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`docs/cost.md lacks ${begin} or ${end}`);
  return `${head}${begin}\n\n${renderCosts(template)}\n\n${end}${tail}`;
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '..');
  const page = join(root, 'docs', 'cost.md');
  const template = readFileSync(join(root, 'cloudformation', 'okta-otp.yaml'), 'utf8');
  writeFileSync(page, withCosts(readFileSync(page, 'utf8'), template));
}

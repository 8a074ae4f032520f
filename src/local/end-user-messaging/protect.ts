import type { ProtectStatus } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { getCountries } from 'libphonenumber-js/max';
import { isObject } from '../../core/decode.ts';
import type { ProtectRules } from './account.ts';
import type { Operate } from './answer.ts';
import { answered, pageOf, refused, stringOf, stringsOf } from './answer.ts';
import { notFound } from './exceptions.ts';
import type { InventoryDeps } from './inventory.ts';

export interface ProtectSeed {
  /** Ids of the protect configurations that there are; every country is allowed in them. */
  readonly protectConfigurations?: readonly string[];
  /** The one that holds where a send names none. */
  readonly accountDefault?: string;
}

const statuses: readonly ProtectStatus[] = ['ALLOW', 'BLOCK', 'MONITOR', 'FILTER'];
const capabilities = ['SMS', 'VOICE', 'MMS', 'RCS'] as const;

type RuleSet = Map<string, ProtectStatus>;

interface ProtectConfiguration {
  readonly id: string;
  readonly createdAt: number;
  readonly rules: ReadonlyMap<string, RuleSet>;
}

export interface ProtectConfigurations {
  readonly operations: Readonly<Record<ProtectOperation, Operate>>;
  /** The rules that a send meets: of the configuration that it names (by id or ARN), else of the account's default. */
  rulesOf(named: string | undefined): ProtectRules | undefined;
  /** Whether there is such a configuration. */
  has(named: string): boolean;
}

type ProtectOperation =
  | 'CreateProtectConfiguration'
  | 'DescribeProtectConfigurations'
  | 'GetProtectConfigurationCountryRuleSet'
  | 'UpdateProtectConfigurationCountryRuleSet';

/** Which countries the account may send to, by protect configuration and capability. */
export function createProtectConfigurations(
  { protectConfigurations = [], accountDefault }: ProtectSeed,
  { arnPrefix, now, newId }: InventoryDeps,
): ProtectConfigurations {
  const create = (id: string): ProtectConfiguration => ({
    id,
    createdAt: now(),
    rules: new Map(
      capabilities.map((capability) => [capability, new Map(getCountries().map((country) => [country, 'ALLOW']))]),
    ),
  });
  const held = protectConfigurations.map(create);
  const created = new Map<string, ProtectConfiguration>();
  const arnOf = ({ id }: ProtectConfiguration) => `${arnPrefix}:protect-configuration/${id}`;
  const find = (named: string) => held.find((one) => one.id === named || arnOf(one) === named);
  const described = (one: ProtectConfiguration) => ({
    ProtectConfigurationArn: arnOf(one),
    ProtectConfigurationId: one.id,
    CreatedTimestamp: one.createdAt / 1_000,
    AccountDefault: one.id === accountDefault,
    DeletionProtectionEnabled: false,
  });

  const withRules = (input: Parameters<Operate>[0], use: (rules: RuleSet) => void): ReturnType<Operate> => {
    const named = stringOf(input, 'ProtectConfigurationId') ?? '';
    const capability = stringOf(input, 'NumberCapability') ?? '';
    const one = find(named);
    const rules = one?.rules.get(capability);
    if (one === undefined || rules === undefined) return refused(notFound('protect-configuration', named));
    use(rules);
    return answered({
      ProtectConfigurationArn: arnOf(one),
      ProtectConfigurationId: one.id,
      NumberCapability: capability,
      CountryRuleSet: Object.fromEntries([...rules].map(([country, status]) => [country, { ProtectStatus: status }])),
    });
  };

  return {
    operations: {
      CreateProtectConfiguration(input) {
        const token = stringOf(input, 'ClientToken');
        const known = token === undefined ? undefined : created.get(token);
        if (known !== undefined) return answered(described(known));
        const one = create(`protect-${newId()}`);
        held.push(one);
        if (token !== undefined) created.set(token, one);
        return answered(described(one));
      },
      DescribeProtectConfigurations(input) {
        const asked = stringsOf(input, 'ProtectConfigurationIds');
        const missing = asked?.find((id) => find(id) === undefined);
        if (missing !== undefined) return refused(notFound('protect-configuration', missing));
        const found = held.filter((one) => asked?.some((id) => find(id) === one) ?? true);
        return pageOf('ProtectConfigurations', found.map(described), input);
      },
      GetProtectConfigurationCountryRuleSet: (input) => withRules(input, () => {}),
      UpdateProtectConfigurationCountryRuleSet: (input) =>
        withRules(input, (rules) => {
          const updates = isObject(input['CountryRuleSetUpdates']) ? input['CountryRuleSetUpdates'] : {};
          for (const [country, update] of Object.entries(updates)) {
            const status = statuses.find((known) => isObject(update) && update['ProtectStatus'] === known);
            if (status !== undefined) rules.set(country, status);
          }
        }),
    },
    has: (named) => find(named) !== undefined,
    rulesOf(named) {
      const one = named === undefined && accountDefault !== undefined ? find(accountDefault) : find(named ?? '');
      if (one === undefined) return undefined;
      const blocked = (capability: string) =>
        new Set(
          [...(one.rules.get(capability) ?? [])].flatMap(([country, rule]) => (rule === 'BLOCK' ? [country] : [])),
        );
      return { blockedCountries: { SMS: blocked('SMS'), VOICE: blocked('VOICE') } };
    },
  };
}

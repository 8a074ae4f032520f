import { identitiesPath } from './catalog.ts';
import { channels } from './channel.ts';
import { isCountry, likelyCountry, sharedRanges } from './countries.ts';
import type { Finding, Remark } from './lint-rules.ts';
import { findingAt } from './lint-rules.ts';
import type { CountryRoute, OriginationIdentities } from './origination-identities.ts';

export interface IdentityLintOptions {
  /** The Region that messages are sent from, where that is known. */
  readonly region?: string | undefined;
}

/** Finds what can be told to be wrong with origination identities without asking the account. */
export function lintIdentities(
  identities: OriginationIdentities,
  { region }: IdentityLintOptions = {},
): readonly Finding[] {
  const arns = Object.entries(identities).flatMap(([country, route]) => arnsOf(country, route));
  return [
    ...Object.keys(identities).flatMap(lintCountry),
    ...lintRegions(arns),
    ...(region === undefined ? [] : lintRegion(arns, region)),
    ...lintAccounts(arns),
    ...arns.flatMap(lintSenderIdCountry),
  ].map(({ country, ...remark }) => findingAt(identitiesPath, country, remark));
}

interface CountryRemark extends Remark {
  readonly country: string;
}

function lintCountry(country: string): readonly CountryRemark[] {
  if (country === '*') return [];
  const main = sharedRanges[country];
  if (main !== undefined) {
    return [
      {
        country,
        rule: 'shared-range',
        message: `serves no mobile number: those are told to be of ${main}, whose calling code and ranges they share`,
        fix: `write it for ${main}`,
      },
    ];
  }
  if (isCountry(country)) return [];
  const meant = likelyCountry(country);
  return [
    {
      country,
      rule: 'unknown-country',
      message: 'is no country that telephone numbers belong to, so nothing of it ever holds',
      fix: meant === undefined ? 'write its ISO 3166 code, or take it out' : `did you mean ${meant}?`,
    },
  ];
}

interface NamedArn {
  readonly country: string;
  readonly region: string | undefined;
  readonly account: string | undefined;
  /** The country of a sender ID. */
  readonly own: string | undefined;
}

function arnsOf(country: string, route: CountryRoute): readonly NamedArn[] {
  const values = new Set(channels.flatMap((channel) => route[channel].identities).map(({ value }) => value));
  return [...values]
    .filter((value) => value.startsWith('arn:'))
    .map((value) => {
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
      const [, , , region, account] = value.split(':');
      return { country, region, account, own: /:sender-id\/[^/]+\/(..)$/.exec(value)?.[1] };
    });
}

/** The service sends from identities of the Region in which it is called, and there is one sender. */
function lintRegions(arns: readonly NamedArn[]): readonly CountryRemark[] {
  const [first] = arns;
  const others = arns.filter(({ region }) => region !== first?.region);
  return onceACountry(others).map(({ country, region }) => ({
    country,
    rule: 'several-regions',
    message: `names an identity in ${region}, and ${first?.country} one in ${first?.region}: one sender reaches one Region`,
    fix: 'name identities of one Region',
  }));
}

function lintRegion(arns: readonly NamedArn[], wanted: string): readonly CountryRemark[] {
  return onceACountry(arns.filter(({ region }) => region !== wanted)).map(({ country, region }) => ({
    country,
    rule: 'other-region',
    message: `names an identity in ${region}, but messages are sent from ${wanted}`,
    fix: `name one in ${wanted}, or the Region that is meant with --region`,
  }));
}

/** Identities can be shared between accounts, but seldom are. */
function lintAccounts(arns: readonly NamedArn[]): readonly CountryRemark[] {
  const [first] = arns;
  return onceACountry(arns.filter(({ account }) => account !== first?.account)).map(({ country }) => ({
    country,
    rule: 'several-accounts',
    message: `names an identity of another account than ${first?.country} does`,
    fix: 'see that it is shared with the account that sends, or name one of that account',
  }));
}

function lintSenderIdCountry({ country, own }: NamedArn): readonly CountryRemark[] {
  if (own === undefined || own === country) return [];
  return [
    {
      country,
      rule: 'sender-id-country',
      message: `names the ARN of a sender ID for ${own}`,
      fix: country === '*' ? `name it for ${own}` : 'name the one of this country',
    },
  ];
}

const onceACountry = (arns: readonly NamedArn[]): readonly NamedArn[] => [
  ...new Map(arns.map((arn) => [arn.country, arn])).values(),
];

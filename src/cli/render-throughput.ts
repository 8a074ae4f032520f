import type { CountryThroughput, IdentityGroup, IdentityType } from '../core/throughput.ts';
import { identitiesFor, partsPerSecond } from '../core/throughput.ts';

const names: Readonly<Record<IdentityType, string>> = {
  SHORT_CODE: 'short code',
  TEN_DLC: '10DLC number',
  TOLL_FREE: 'toll-free number',
  LONG_CODE: 'long code',
  SENDER_ID: 'sender ID',
};

/** How fast text messages go to each country, and what an expected peak would take; one line a country. */
export function renderThroughput(countries: readonly CountryThroughput[], peak: number | undefined): readonly string[] {
  return countries.map((throughput) => {
    const { country, identities, partsPerSecond: rate, isUnknown } = throughput;
    const who = identities.map(counted).join(', ');
    if (isUnknown)
      return `${country}: ${who}: AWS publishes no rate for all of these; look at "Messaging limits" of each`;
    const verb = identities.length === 1 && identities[0]?.count === 1 ? 'sends' : 'send';
    const fact = `${country}: ${who} ${verb} ${rate} message part${rate === 1 ? '' : 's'} a second`;
    if (peak === undefined) return fact;
    return rate >= peak
      ? `${fact}: enough for a peak of ${peak}`
      : `${fact}; a peak of ${peak} a second needs ${needed(peak, country)}`;
  });
}

const counted = ({ type, count }: IdentityGroup) => `${count} ${names[type]}${count === 1 ? '' : 's'}`;

function needed(peak: number, country: string): string {
  const group = identitiesFor(peak, country);
  const rate = partsPerSecond(group.type, country);
  return `${counted(group)} (${rate} a second${group.count === 1 ? '' : ' each'})`;
}

import { describe, expect, it } from 'vitest';
import { renderThroughput } from '../../src/cli/render-throughput.ts';
import type { CountryThroughput, IdentityGroup } from '../../src/core/throughput.ts';

const throughput = (
  country: string,
  identities: readonly IdentityGroup[],
  partsPerSecond: number,
): CountryThroughput => ({
  country,
  identities,
  partsPerSecond,
  isUnknown: false,
});
const tollFree = throughput('US', [{ type: 'TOLL_FREE', count: 1 }], 3);

describe('the throughput of a country', () => {
  it('is told with what sends, and in the singular where there is but one', () => {
    const several: readonly IdentityGroup[] = [
      { type: 'LONG_CODE', count: 2 },
      { type: 'SENDER_ID', count: 1 },
    ];
    expect(
      renderThroughput(
        [throughput('FR', several, 30), throughput('US', [{ type: 'TEN_DLC', count: 1 }], 1)],
        undefined,
      ),
    ).toEqual([
      'FR: 2 long codes, 1 sender ID send 30 message parts a second',
      'US: 1 10DLC number sends 1 message part a second',
    ]);
  });

  it('is compared with the expected peak', () => {
    expect(renderThroughput([tollFree], 3)).toEqual([
      'US: 1 toll-free number sends 3 message parts a second: enough for a peak of 3',
    ]);
    expect(renderThroughput([tollFree], 150)).toEqual([
      'US: 1 toll-free number sends 3 message parts a second; a peak of 150 a second needs 2 short codes (100 a second each)',
    ]);
    expect(renderThroughput([throughput('FR', [{ type: 'SENDER_ID', count: 1 }], 10)], 11)).toEqual([
      'FR: 1 sender ID sends 10 message parts a second; a peak of 11 a second needs 2 long codes (10 a second each)',
    ]);
  });

  it('is not guessed where AWS publishes none', () => {
    const unknown = { ...throughput('MX', [{ type: 'SHORT_CODE', count: 1 }], 0), isUnknown: true };
    expect(renderThroughput([unknown], 20)).toEqual([
      'MX: 1 short code: AWS publishes no rate for all of these; look at "Messaging limits" of each',
    ]);
  });
});

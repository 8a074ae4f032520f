import type { DryRun } from '../aws/dry-run.ts';
import type { Channel } from '../core/channel.ts';
import type { CoverageCell } from '../core/coverage.ts';
import type { Cause } from '../core/failure-policy.ts';
import type { OriginationIdentity } from '../core/identity.ts';
import { pause } from '../core/pause.ts';
import type { RenderedMessage } from '../core/render.ts';
import { Secret } from '../core/secret.ts';
import type { Context } from './context.ts';
import { exampleNumber } from './example-number.ts';
import { inTime } from './in-time.ts';

/** What the service says to one identity of a cell. */
export interface Probed {
  readonly country: string;
  readonly channel: Channel;
  readonly identity: OriginationIdentity;
  readonly result: 'accepted' | Cause;
}

/** Below the limit of five messages a second that dry runs have. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html */
const apartMs = 250;

/** Told to slow down, it waits for that long before it asks again, and then takes the refusal for the answer. */
const waitsMs: readonly number[] = [1_000, 2_000, 4_000, 8_000];

/** Of one part, and no code that anybody could use. */
const messages: Readonly<Record<Channel, RenderedMessage>> = {
  sms: { channel: 'sms', body: new Secret('Your verification code is 123456.') },
  voice: {
    channel: 'voice',
    body: new Secret('<speak>Your verification code is 1 2 3 4 5 6.</speak>'),
    voiceId: 'JOANNA',
  },
};

/** Asks of every identity of every cell, one after the other, whether it could reach a mobile number of the country. */
export async function probeCoverage(
  context: Context,
  dryRun: DryRun,
  { cells, onProgress }: { readonly cells: readonly CoverageCell[]; readonly onProgress: Progress },
): Promise<readonly Probed[]> {
  const questions = cells.flatMap(({ country, channel, route }) =>
    (route?.identities ?? []).map((identity) => ({ country, channel, identity, route })),
  );
  const probed: Probed[] = [];
  let next = context.clock.now();
  for (const { country, channel, identity, route } of questions) {
    const ms = next - context.clock.now();
    if (ms > 0) await pause({ clock: context.clock, ms }, context.signal);
    const number = exampleNumber(country);
    if (number === undefined) throw new Error('a country that the library knows has no example of a mobile number');
    const to = new Secret(number);
    const ask = () => {
      next = context.clock.now() + apartMs;
      return inTime(context, (signal) =>
        dryRun.ask(
          {
            to,
            from: identity,
            message: messages[channel],
            ttlSeconds: 300,
            maxPrice: route?.maxPrice,
            context: {},
            countryParameters: route?.parameters,
          },
          signal,
        ),
      );
    };
    let result = await ask();
    for (const ms of waitsMs) {
      if (result !== 'throttled') break;
      await pause({ clock: context.clock, ms }, context.signal);
      result = await ask();
    }
    probed.push({ country, channel, identity, result });
    onProgress(probed.length, questions.length);
  }
  return probed;
}

export type Progress = (done: number, all: number) => void;

import { array, decode, number, object, oneOf, optional, string } from './decode.ts';
import { causeNames } from './failure-policy.ts';

const deliveryLine = object({
  outcome: string(),
  answer: string(),
  country: optional(string()),
  lineType: string(),
  catalog: optional(object({ version: number(), source: string() })),
  template: optional(object({ locale: string(), match: string(), requestType: optional(string()) })),
  wantedLocale: optional(string()),
  attempts: array(object({ channel: string(), identity: string(), text: string(), outcome: string(), ms: number() })),
  messageId: optional(string()),
  cause: optional(oneOf(causeNames)),
  ledger: string(),
  leftMs: number(),
  ms: object({ prepare: number(), send: number(), settle: number(), total: number() }),
});

/** Reads the sender's log line of a delivery, as far as others than itself go by it; undefined for what is none. */
export function parseDeliveryLine(line: unknown) {
  const decoded = decode(deliveryLine, line);
  return decoded.ok ? decoded.value : undefined;
}

import { smsSize } from './message-parts.ts';
import { Secret } from './secret.ts';
import { escapeXml } from './ssml.ts';
import type { Template, VoiceId } from './template.ts';
import { fillPlaceholders, longestSsml } from './template.ts';

export interface RenderValues {
  readonly otp: Secret;
  /** Whole minutes until the code stops working. */
  readonly minutes: number;
  readonly firstName: Secret | undefined;
  readonly org: string;
  /** Whose site the code is for; undefined for none in particular. */
  readonly autofillDomain: string | undefined;
}

/** A finished message; its body holds the code. */
export type RenderedMessage =
  | { readonly channel: 'sms'; readonly body: Secret }
  | { readonly channel: 'voice'; readonly body: Secret; readonly voiceId: VoiceId };

/** Renders a template: every placeholder is replaced once, and no value is read as a placeholder or as markup. */
export function renderMessage(template: Template, values: RenderValues): RenderedMessage {
  return template.channel === 'sms'
    ? { channel: 'sms', body: new Secret(renderText(template.text, values)) }
    : { channel: 'voice', body: new Secret(renderSsml(template.ssml, values)), voiceId: template.voiceId };
}

/** A first name that would cost a further message part is left out: it is a courtesy, and the part is money. */
function renderText(text: string, values: RenderValues): string {
  const firstName = values.firstName?.reveal() ?? '';
  const lastLine = values.autofillDomain === undefined ? '' : `\n${domainBound(values.autofillDomain, values.otp)}`;
  const fill = (form: string) => fillPlaceholders(form, (name) => plainValue(name, values, firstName)) + lastLine;
  const impersonal = fill(withoutName(text));
  if (firstName === '') return impersonal;
  const personal = fill(text);
  return smsSize(personal).parts > smsSize(impersonal).parts ? impersonal : personal;
}

/** @see https://wicg.github.io/sms-one-time-codes/ */
const domainBound = (domain: string, otp: Secret) => `@${domain} #${otp.reveal()}`;

function plainValue(name: string, values: RenderValues, firstName: string): string {
  switch (name) {
    case 'otp':
      return values.otp.reveal();
    case 'minutes':
      return String(values.minutes);
    case 'firstName':
      return firstName;
    default:
      return values.org;
  }
}

/**
 * Takes the name out with what leads to it: `Hi {{firstName}}, your code` becomes `Hi, your code`; where it leads itself
 * (at the start, after a tag or a sentence) with what follows. Commas are those of every script that texts come in.
 */
const withoutName = (text: string) => text.replace(leadingName, '$1').replace(ledName, '');

const comma = '[,،、，]';
const nameHole = '\\{\\{\\s*firstName\\s*\\}\\}';
const leadingName = new RegExp(`((?:^|[>.!?:\\n。！？：؟।])\\s*)${nameHole}\\s*(?:${comma}\\s*)?`, 'g');
const ledName = new RegExp(`${comma}?\\s*${nameHole}`, 'g');

/** Long enough to write a digit down. */
const pause = '<break time="600ms"/>';

function renderSsml(ssml: string, values: RenderValues): string {
  const firstName = values.firstName?.reveal() ?? '';
  const fill = (form: string) =>
    fillPlaceholders(form, (name) =>
      name === 'otp' ? spellOut(values.otp) : escapeXml(plainValue(name, values, firstName)),
    );
  const personal = fill(firstName === '' ? withoutName(ssml) : ssml);
  return personal.length > longestSsml ? fill(withoutName(ssml)) : personal;
}

/** Digit by digit with a pause after each: read as a number, a code is of no use. */
const spellOut = (otp: Secret) =>
  [...otp.reveal()].map((digit) => `<say-as interpret-as="characters">${digit}</say-as>`).join(pause);

/** How an SMS travels: 7 bits a character, or 16. */
export type SmsEncoding = 'GSM-7' | 'UCS-2';

export interface SmsSize {
  readonly encoding: SmsEncoding;
  /** Message parts, which is what is charged for. */
  readonly parts: number;
}

// GSM 03.38 basic character set and its extension table. https://www.unicode.org/Public/MAPPINGS/ETSI/GSM0338.TXT
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

/** The characters that force UCS-2, each once. */
export function charactersOutsideGsm7(text: string): readonly string[] {
  return [...new Set(text)].filter((character) => !basic.has(character) && !extension.has(character));
}

/**
 * Counts the parts of an SMS: 160 GSM-7 or 70 UCS-2 units in one, 153 or 67 in each of several (the rest is the header
 * that joins them). An extension character takes two units and is never split between parts, nor is a surrogate pair.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html
 */
export function smsSize(text: string): SmsSize {
  const encoding = charactersOutsideGsm7(text).length === 0 ? 'GSM-7' : 'UCS-2';
  const [alone, joined] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
  const widths = [...text].map((character) =>
    encoding === 'GSM-7' ? (extension.has(character) ? 2 : 1) : character.length,
  );
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= alone) return { encoding, parts: 1 };
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > joined) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, parts };
}

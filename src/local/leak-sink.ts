/** Something secret stood in a line of output; the message names what kind of thing, never the thing. */
export class LeakError extends Error {
  override readonly name = 'LeakError';
}

/** Looks for secrets in everything that is written. */
export interface LeakSink {
  /** From now on this value must not appear. Values that are too short to be told from chance are passed over. */
  watch(kind: 'code' | 'number' | 'token' | 'name', value: string): void;
  /** Throws a `LeakError` when the text holds a watched value, or anything of the form of a token. */
  check(text: string): void;
}

const shortest = { code: 4, number: 7, token: 16, name: 3 };

/** A signed JWT: two parts of base64url JSON, and a signature. */
const jwt = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/;

/** Makes a sink through which the output of the functions goes, in tests and in the local cloud. */
export function createLeakSink({ watchesMost = Number.POSITIVE_INFINITY } = {}): LeakSink {
  const watched = new Map<string, { readonly kind: string; readonly form: RegExp }>();
  return {
    watch(kind, value) {
      const bare = kind === 'number' ? value.replace(/\D/g, '') : value;
      if (bare.length < shortest[kind]) return;
      // A code may stand within a longer number by chance, and only then is none.
      const form = new RegExp(`(?<![0-9A-Za-z])${bare.replace(/[^\w]/g, '\\$&')}(?![0-9A-Za-z])`);
      // The newest is the last to be forgotten.
      watched.delete(bare);
      watched.set(bare, { kind, form });
      const [oldest] = watched.size > watchesMost ? watched.keys() : [];
      if (oldest !== undefined) watched.delete(oldest);
    },
    check(text) {
      if (jwt.test(text)) throw new LeakError('output holds a token');
      for (const { kind, form } of watched.values()) if (form.test(text)) throw new LeakError(`output holds a ${kind}`);
    },
  };
}

/** Longer names are cut: they share a line with others. */
const longest = 80;

/** A name that somebody typed elsewhere, without what would control a terminal. */
export const printable = (name: string) => name.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, longest) || 'somebody';

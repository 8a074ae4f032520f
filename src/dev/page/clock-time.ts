const format = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** A time of day as the reader writes it, from milliseconds since the epoch. */
export const clockTime = (at: number) => format.format(at);

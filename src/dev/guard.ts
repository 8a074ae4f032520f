import { timingSafeEqual } from 'node:crypto';

/** Where the page's token comes: in the address of the page and of the event stream, else in this header. */
export const tokenHeader = 'x-okta-otp-token';

/**
 * Keeps everybody but the page itself out: another web site that the browser shows could else read codes and send messages.
 *
 * The name in `Host` must be this machine's, or a foreign name could be pointed at 127.0.0.1 (DNS rebinding); `Origin`,
 * where a browser sends one, must be the page's; and the token of this run must come along.
 * @see https://owasp.org/www-community/attacks/csrf and https://owasp.org/www-community/attacks/DNS_Rebinding
 */
export function refusalOf(
  request: Request,
  token: string,
  { withToken }: { readonly withToken: boolean },
): Response | undefined {
  const url = new URL(request.url);
  if (url.hostname !== '127.0.0.1' && url.hostname !== 'localhost') return forbidden('another host');
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== url.origin) return forbidden('another origin');
  if (!withToken) return undefined;
  const given = request.headers.get(tokenHeader) ?? url.searchParams.get('token') ?? '';
  if (!isSame(given, token)) return forbidden('no token: open the address that okta-otp dev has printed');
  return undefined;
}

const forbidden = (why: string) => new Response(`403: ${why}\n`, { status: 403, headers: pageHeaders });

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Nothing is kept, framed, or loaded from elsewhere; the address with the token goes to nobody. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

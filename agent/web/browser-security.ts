/** Browser security: response headers, and the check of `Host` and `Origin`. */
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/** Sent with every response of the web server. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "connect-src 'self' ws: wss:",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(self), geolocation=()',
};

/** Names and addresses of this machine now; others in `Host` are refused. */
function ownNames(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const literals = addresses.map(({ address, family }) =>
    family === 'IPv6' ? `[${address}]` : address,
  );
  const name = hostname().toLowerCase();
  return new Set(['localhost', '127.0.0.1', '[::1]', name, `${name}.local`, ...literals]);
}

/**
 * The header that makes a request foreign, or undefined if it is acceptable. The server trusts every
 * client that can reach it, so other web sites must not reach it through a browser: neither by a
 * cross-origin request nor by DNS rebinding.
 */
export function whyForeign(
  request: Pick<IncomingMessage, 'headers'>,
  isOurs: (name: string) => boolean,
): 'host' | 'origin' | undefined {
  const { host = '', origin } = request.headers;
  if (!isOurs(host.replace(/:\d+$/, '').toLowerCase())) return 'host';
  // Clients other than browsers send no origin; a page cannot suppress it.
  if (origin === undefined) return undefined;
  return hostOf(origin) === host.toLowerCase() ? undefined : 'origin';
}

/** Matches this machine's names and addresses, read again for an unknown one: networks change. */
export function ownNaming(more: readonly string[] = []): (name: string) => boolean {
  const always = new Set(more.map((name) => name.toLowerCase()));
  let known = ownNames();
  return (name) => {
    if (always.has(name) || known.has(name)) return true;
    known = ownNames();
    return known.has(name);
  };
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

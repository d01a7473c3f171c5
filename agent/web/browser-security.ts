/** What protects the pages in a browser: headers of every answer, and whose requests are answered. */
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/** What every answer of the web server carries. */
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

/** Host names and addresses of this machine now; any other `Host` is refused. */
function ownNames(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const literals = addresses.map(({ address, family }) =>
    family === 'IPv6' ? `[${address}]` : address,
  );
  const name = hostname().toLowerCase();
  return new Set(['localhost', '127.0.0.1', '[::1]', name, `${name}.local`, ...literals]);
}

/**
 * Undefined when it is welcome, else what is wrong with it. The server trusts whoever can reach it,
 * so it must not be reached through somebody else's web page: neither by a request of another
 * origin, nor by a name that was made to point here (DNS rebinding).
 */
export function whyForeign(
  request: Pick<IncomingMessage, 'headers'>,
  isOurs: (name: string) => boolean,
): 'host' | 'origin' | undefined {
  const { host = '', origin } = request.headers;
  if (!isOurs(host.replace(/:\d+$/, '').toLowerCase())) return 'host';
  // Programs that are not browsers send no origin; a browser cannot leave it out.
  if (origin === undefined) return undefined;
  return hostOf(origin) === host.toLowerCase() ? undefined : 'origin';
}

/** By name and address; the addresses change with the network. */
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

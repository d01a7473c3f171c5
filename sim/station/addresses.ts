/** Under which names and addresses this computer is reached. */
import { hostname, networkInterfaces } from 'node:os';

type Interfaces = ReturnType<typeof networkInterfaces>;

/** The address that a pupil's device is to use: the one asked for, or the first of a network. */
export function addressForPupils(
  host: string,
  interfaces: Interfaces = networkInterfaces(),
): string {
  const all = host === '0.0.0.0' || host === '::';
  if (!all) return host.includes(':') ? `[${host}]` : host;
  const outside = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    // 169.254/16 (RFC 3927): a cable without a network behind it.
    .filter(({ address }) => !address.startsWith('169.254.'));
  return outside[0]?.address ?? `${hostname().toLowerCase()}.local`;
}

/** All of them, for the certificate. */
export function ownAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ address }) => !address.startsWith('fe80:'))
    .map(({ address }) => address);
  const name = hostname().toLowerCase();
  const names = ['localhost', name, `${name}.local`].filter((one) => /^[a-z0-9.-]+$/.test(one));
  return [...new Set([...names, ...addresses])];
}

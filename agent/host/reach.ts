/** Who reaches what is served here, this computer alone or its network, and by which addresses. */
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { z } from 'zod';
import { OptionError } from './given.ts';

/** Another name or address of this computer than the one that would be chosen, for links. */
export const givenAddress = z
  .string()
  .regex(
    /^(\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]*:[0-9a-fA-F:.]+|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$/,
    'expected a name or an address of this computer, without port',
  )
  .optional();

interface Reach {
  /** Pupils may come from other computers. */
  readonly open: boolean;
  /** What links to the pupil's page name, as it stands in a URL. */
  readonly address: string;
  /** Other addresses that it might be. */
  readonly others: readonly string[];
}

/** Throws OptionError for an address that nobody could reach. */
export function reachOf(
  host: string,
  address: string | undefined,
  /** What this computer is called by where nobody else comes. */
  own: string = inAddress(host),
  addresses: readonly string[] = reachableAddresses(),
): Reach {
  const open = !isLoopback(host);
  if (!open && address !== undefined && !isLoopback(address))
    throw new OptionError(
      `ADDRESS=${address} is for others, and this is open to this computer only. Add HOST=0.0.0.0`,
    );
  if (!open) return { open, address: address ?? own, others: [] };
  const chosen = addressForPupils(address ?? host);
  const all = host === '0.0.0.0' || host === '::';
  const others = all ? addresses.filter((one) => one !== chosen) : [];
  return { open, address: chosen, others };
}

/** What to know of the address in links, a line each. */
export function notesOnReach({ open, address, others }: Reach, again: string): string[] {
  if (!open)
    return [
      `Only this computer can reach it: the link leads no tablet or phone here. For others in this network: ${again} HOST=0.0.0.0`,
    ];
  return [
    `Links lead to ${address}.${others.length > 0 ? ` This computer has other addresses: ${others.join(', ')}. To use one of them: ADDRESS=${others[0]}` : ''}`,
  ];
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Whether `host` is this computer to itself only (RFC 6890, RFC 6761). */
export const isLoopback = (host: string): boolean =>
  /^(127(\.\d+){3}|\[?::1\]?|(.*\.)?localhost)$/i.test(host);

/** The address that a pupil's device is to use: the one asked for, or the likeliest of a network. */
export function addressForPupils(
  host: string,
  interfaces: Interfaces = networkInterfaces(),
  routed: string | undefined = interfaceOfDefaultRoute(),
): string {
  const all = host === '0.0.0.0' || host === '::';
  if (!all) return inAddress(host);
  return reachableAddresses(interfaces, routed)[0] ?? `${hostname().toLowerCase()}.local`;
}

/** As it stands in a URL. */
export const inAddress = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;

/** Networks inside this computer: of containers, virtual machines and tunnels. */
const INSIDE = /^(docker|br-|veth|virbr|lxc|lxd|podman|cni|vboxnet|vmnet|tun|tap|wg|tailscale|zt)/;

/**
 * All addresses by which others may reach this computer, as they stand in a URL, the likeliest
 * first: of the way out (`routed`), then of other networks, then of those inside this computer; the
 * older protocol before the newer.
 */
export function reachableAddresses(
  interfaces: Interfaces = networkInterfaces(),
  routed: string | undefined = interfaceOfDefaultRoute(),
): string[] {
  const found = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? [])
      .filter(({ internal, address }) => !internal && !isLinkLocal(address))
      .map(({ address, family }) => ({
        address: inAddress(address),
        rank: (name === routed ? 0 : INSIDE.test(name) ? 4 : 2) + (family === 'IPv6' ? 1 : 0),
      })),
  );
  // Those of one rank stay in the system's order.
  return found.sort((one, other) => one.rank - other.rank).map(({ address }) => address);
}

/** RFC 3927, RFC 4291: a cable without a network behind it, and what no browser takes. */
const isLinkLocal = (address: string): boolean => /^(169\.254\.|fe80:)/i.test(address);

/** /proc/net/route: the destination 0 with the smallest metric. Undefined: there is no way out. */
function interfaceOfDefaultRoute(): string | undefined {
  try {
    return defaultRouteOf(readFileSync('/proc/net/route', 'utf8'));
  } catch {
    return undefined;
  }
}

/** `table`: the text of /proc/net/route. */
export function defaultRouteOf(table: string): string | undefined {
  const routes = table
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000');
  routes.sort((one, other) => Number(one[6]) - Number(other[6]));
  return routes[0]?.[0];
}

/** All of them, for the certificate, and one more that it is called by. */
export function ownAddresses(
  interfaces: Interfaces = networkInterfaces(),
  more?: string,
): string[] {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ address }) => !address.startsWith('fe80:'))
    .map(({ address }) => address);
  const name = hostname().toLowerCase();
  const given = more?.replace(/^\[|\]$/g, '') ?? 'localhost';
  const names = ['localhost', name, `${name}.local`, given].filter((one) =>
    /^[A-Za-z0-9.:-]+$/.test(one),
  );
  return [...new Set([...names, ...addresses])];
}

/**
 * A Wi-Fi network as a connection profile of NetworkManager (networkmanager.dev, "Settings
 * specification": connection, 802-11-wireless, 802-11-wireless-security, 802-1x).
 */
import { createHash, X509Certificate } from 'node:crypto';
import { Variant } from '@jellybrick/dbus-next';
import type { WifiNetwork } from '../../ports/wifi-settings.ts';

export type Profile = Record<string, Record<string, Variant>>;

/** Names of profiles that are ours begin so; the tag and the network follow. */
const ID = /^deskmate (\d{1,16}): /;

export const profileId = (tag: string, ssid: string): string => `deskmate ${tag}: ${ssid}`;

/** The trial that made a profile of this name; undefined for one of somebody else. */
export const tagOfId = (id: unknown): string | undefined =>
  typeof id === 'string' ? ID.exec(id)?.[1] : undefined;

export interface ProfileUse {
  readonly tag: string;
  /** It joins by itself, this much before others; undefined: only when it is told to. */
  readonly priority?: number;
}

/**
 * Undefined when the login server could not be checked, or the method needs a certificate that the
 * computer does not have: a network that asks anybody for the password is no network.
 */
export function profileOf(
  network: WifiNetwork,
  { tag, priority }: ProfileUse,
): Profile | undefined {
  const security = securityOf(network);
  if (!security) return undefined;
  const { ssid, hidden } = network;
  return {
    connection: {
      id: new Variant('s', profileId(tag, ssid)),
      uuid: new Variant('s', uuidOf(tag, ssid)),
      type: new Variant('s', '802-11-wireless'),
      autoconnect: new Variant('b', priority !== undefined),
      'autoconnect-priority': new Variant('i', priority ?? 0),
    },
    '802-11-wireless': {
      ssid: new Variant('ay', Buffer.from(ssid)),
      mode: new Variant('s', 'infrastructure'),
      hidden: new Variant('b', hidden),
    },
    ...security,
    ipv4: { method: new Variant('s', 'auto') },
    ipv6: { method: new Variant('s', 'auto') },
  };
}

function securityOf(network: WifiNetwork): Profile | undefined {
  const keys = (management: string, more: Record<string, Variant> = {}) => ({
    '802-11-wireless-security': { 'key-mgmt': new Variant('s', management), ...more },
  });
  switch (network.security) {
    case 'open':
      return {};
    case 'wpa2':
      return keys('wpa-psk', { psk: new Variant('s', network.passphrase) });
    case 'wpa3':
      return keys('sae', { psk: new Variant('s', network.passphrase) });
    case 'eap': {
      const login = loginOf(network);
      return login && { ...keys('wpa-eap'), '802-1x': login };
    }
  }
}

type Eap = Extract<WifiNetwork, { security: 'eap' }>;

function loginOf(network: Eap): Record<string, Variant> | undefined {
  const { method, identity, anonymousIdentity, password, phase2 } = network;
  const trust = trustOf(network);
  if (method === 'tls' || password === undefined || !trust) return undefined;
  return {
    eap: new Variant('as', [method]),
    identity: new Variant('s', identity),
    ...(anonymousIdentity !== undefined && {
      'anonymous-identity': new Variant('s', anonymousIdentity),
    }),
    password: new Variant('s', password),
    'phase2-auth': new Variant('s', phase2 ?? (method === 'peap' ? 'mschapv2' : 'pap')),
    ...trust,
  };
}

/** How the login server is known; undefined: in no way. */
function trustOf({ ca, domain, anyServer }: Eap): Record<string, Variant> | undefined {
  const named = domain ? { 'domain-suffix-match': new Variant('s', domain) } : {};
  if (ca !== undefined) {
    const der = derOf(ca);
    return der && { 'ca-cert': new Variant('ay', der), ...named };
  }
  if (domain) return { 'system-ca-certs': new Variant('b', true), ...named };
  return anyServer ? {} : undefined;
}

/** As bytes it goes into the profile itself: the supplicant reads DER from there, not PEM. */
function derOf(pem: string): Buffer | undefined {
  try {
    return new X509Certificate(pem).raw;
  } catch {
    return undefined;
  }
}

/** RFC 4122 in form; the same for the same network of the same trial. */
export function uuidOf(tag: string, ssid: string): string {
  const hex = createHash('sha256').update(`${tag}\n${ssid}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

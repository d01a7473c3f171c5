/** Packet filter and NAT of routers and internet, as nftables rules. Pure. */
import { SERVERS, type Server } from './plan.ts';

/**
 * How a router maps ports (RFC 4787): `endpointIndependent` keeps a device's port whoever it talks
 * to, so that both sides can meet; `symmetric` takes another, random one for each destination.
 */
type Nat = 'endpointIndependent' | 'symmetric';

type Lets =
  | 'everything'
  /** No UDP at all. */
  | 'tcp'
  /** A strict school: outbound TCP to port 443 only. */
  | 'tls443'
  /** Nothing; web requests are answered by a captive portal that wants a password. */
  | 'portal';

export interface RouterRules {
  readonly nat: Nat;
  readonly lets: Lets;
}

const LETS: Readonly<Record<Lets, readonly string[]>> = {
  everything: [],
  tcp: ['oifname "wan" meta l4proto != tcp drop'],
  tls443: ['oifname "wan" tcp dport != 443 drop', 'oifname "wan" meta l4proto != tcp drop'],
  portal: ['drop'],
};

export const PORTAL_PORTS = { http: 80, https: 443 } as const;

export function routerRules({ nat, lets }: RouterRules): string {
  const { http, https } = PORTAL_PORTS;
  const portal =
    lets === 'portal'
      ? [`iifname "lan" tcp dport ${http} redirect`, `iifname "lan" tcp dport ${https} redirect`]
      : [];
  return table([
    chain('outward', 'type nat hook postrouting priority srcnat', [
      `oifname "wan" masquerade ${nat === 'symmetric' ? 'fully-random' : ''}`,
    ]),
    chain('inward', 'type nat hook prerouting priority dstnat', portal),
    // An unsolicited packet must not create a conntrack entry, which would occupy our port.
    chain('own', 'type filter hook input priority filter', ['iifname "wan" ct state new drop']),
    chain('through', 'type filter hook forward priority filter', [
      'iifname "wan" ct state new drop',
      // As routers before a path with a small MTU do, where ICMP is lost (RFC 4459).
      'tcp flags syn tcp option maxseg size set rt mtu',
      ...LETS[lets],
    ]),
  ]);
}

/** A server port that drops packets silently. */
export interface Shut {
  readonly server: Server;
  /** All ports when omitted. */
  readonly tcp?: number;
}

interface InternetRules {
  readonly shut: readonly Shut[];
}

/** Dropped without ICMP: the worse case for clients. */
export function internetRules({ shut }: InternetRules): string {
  const drops = shut.map(({ server, tcp }) => {
    const port = tcp === undefined ? '' : `tcp dport ${tcp} `;
    return `ip daddr ${SERVERS[server]} ${port}drop`;
  });
  return table([chain('servers', 'type filter hook input priority filter', drops)]);
}

function table(chains: readonly string[]): string {
  return ['flush ruleset', 'table ip field {', ...chains, '}', ''].join('\n');
}

function chain(name: string, hook: string, rules: readonly string[]): string {
  return [`chain ${name} {`, `${hook}; policy accept;`, ...rules, '}'].join('\n');
}

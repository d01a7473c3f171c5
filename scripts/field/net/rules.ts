/** What routers and the internet let through, as nftables rules. Pure. */
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
  /** What a strict school lets out: TCP to port 443. */
  | 'tls443'
  /** Nothing, and who asks a web server is answered by the portal that wants a password. */
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
    // A stranger's packet must leave no trace, or its port would be taken when ours answers.
    chain('own', 'type filter hook input priority filter', ['iifname "wan" ct state new drop']),
    chain('through', 'type filter hook forward priority filter', [
      'iifname "wan" ct state new drop',
      // As routers in front of a narrow path do, for those whose ICMP is lost (RFC 4459).
      'tcp flags syn tcp option maxseg size set rt mtu',
      ...LETS[lets],
    ]),
  ]);
}

/** A server port that drops packets silently. */
export interface Shut {
  readonly server: Server;
  /** All of it when left out. */
  readonly tcp?: number;
}

interface InternetRules {
  readonly shut: readonly Shut[];
}

/** Who is not answered gets no word why: a packet that vanishes is the worse case. */
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

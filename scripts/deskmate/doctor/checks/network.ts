import type { NetworkState } from '../../../../hal/ports/network.ts';
import { type Check, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { HostProbe, Reached, Target } from '../host-probe.ts';
import { ofRadio } from './radio.ts';

/** Default ports (RFC 9110; IANA's for MQTT). */
const PORTS: Readonly<Record<string, number>> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };
const DAY_MS = 86_400_000;
/** A certificate that expires sooner should have been renewed by now. */
const EXPIRES_SOON_DAYS = 14;

export const network: Check = {
  name: 'network',
  withinMs: 15_000,
  async run(machine, subject) {
    const { agent } = subject;
    const target = agent.kind === 'read' ? targetOf(agent.config.broker) : undefined;
    const [link, known] = await Promise.all([defaultLink(machine), machine.network()]);
    const radio = ofRadio(known);
    if (!link) return [await withoutRoute(machine, target), ...radio];
    const [portal, broker] = await Promise.all([
      behindPortal(machine, known),
      target ? ofBroker(machine, target) : Promise.resolve([]),
    ]);
    const signIn = portal || broker.some(({ key }) => key === 'networkNoTls');
    return [
      ok('networkRoute', { link }),
      ...radio,
      ...(signIn ? [problem('networkPortal')] : []),
      ...broker,
      ...asAgentSays(subject, broker),
    ];
  },
};

function targetOf(broker: string): Target {
  const { protocol, hostname, port } = new URL(broker);
  const scheme = protocol.slice(0, -1);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (PORTS[scheme] ?? 8883),
    tls: scheme === 'mqtts' || scheme === 'wss',
  };
}

/** A station on an isolated network needs only its own broker. */
async function withoutRoute(machine: HostProbe, target: Target | undefined): Promise<Finding> {
  const local = target && /^(127\.|::1$|localhost$)/.test(target.host);
  if (!local) return problem('networkNoRoute');
  const { kind } = await machine.reach(target);
  return kind === 'closed' ? problem('networkNoRoute') : ok('networkLocal');
}

/** The interface of the default route, from the kernel's tables (IPv4 in hexadecimal, then IPv6). */
async function defaultLink(machine: HostProbe): Promise<string | undefined> {
  const [v4, v6] = await Promise.all([
    machine.read('/proc/net/route'),
    machine.read('/proc/net/ipv6_route'),
  ]);
  const four = v4.ok ? /^(\S+)\t00000000\t(?!00000000)/m.exec(v4.text)?.[1] : undefined;
  if (four) return four;
  const six = v6.ok ? v6.text.split('\n').find(isDefault6) : undefined;
  return six?.trim().split(/\s+/).at(-1);
}

/** Prefix of length 0 with a gateway; the kernel's own reject routes are on `lo`. */
const isDefault6 = (line: string): boolean =>
  /^0{32} 00 /.test(line) && !/ lo$/.test(line.trim()) && !/^0{32} 00 0{32} 00 0{32} /.test(line);

/** NetworkManager periodically checks its own page and so detects captive portals. */
async function behindPortal(machine: HostProbe, { connectivity }: NetworkState): Promise<boolean> {
  if (connectivity !== 'unknown') return connectivity === 'portal';
  const { out } = await machine.run('nmcli', '-t', '-f', 'CONNECTIVITY', 'general');
  return out.trim() === 'portal';
}

async function ofBroker(machine: HostProbe, target: Target): Promise<Finding[]> {
  const { host, port } = target;
  if ((await machine.addresses(host)).length === 0) return [problem('networkNoName', { host })];
  return [ofReached(machine, target, await machine.reach(target))].map((finding) => ({
    ...finding,
    values: { host, port, ...finding.values },
  }));
}

function ofReached(machine: HostProbe, { host, port }: Target, reached: Reached): Finding {
  switch (reached.kind) {
    case 'closed':
      return problem('networkClosed', { host, port, why: reached.why });
    case 'noTls':
      return problem('networkNoTls', { host, port, why: reached.why });
    case 'open':
      return ok('networkOpen', { host, port });
    case 'secure':
      return ofCertificate(machine.wall(), { host, port }, reached);
  }
}

function ofCertificate(
  now: number,
  { host, port }: Pick<Target, 'host' | 'port'>,
  { validFrom, validTo, distrust, issuer }: Extract<Reached, { kind: 'secure' }>,
): Finding {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const days = Math.floor((validTo - now) / DAY_MS);
  if (now > validTo) return problem('networkExpired', { host, date: day(validTo) });
  if (now < validFrom) return problem('networkEarly', { host, date: day(validFrom) });
  if (distrust) return problem('networkDistrust', { host, issuer, why: distrust });
  if (days < EXPIRES_SOON_DAYS) return warning('networkExpiring', { host, days });
  return ok('networkSecure', { host, port, days });
}

/** The broker answers us but not the agent: wrong password, or client id used by another robot. */
function asAgentSays({ status }: Subject, broker: readonly Finding[]): Finding[] {
  const reachable = broker.every(({ verdict }) => verdict !== 'problem');
  return status && !status.health.broker && reachable ? [problem('networkAgentOffline')] : [];
}

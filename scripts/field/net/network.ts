/** The links between the hosts, and their rules. */
import type { Namespaces } from './namespaces.ts';
import {
  type Host,
  NAME_SERVER,
  type Place,
  ROBOT,
  ROUTERS,
  type Router,
  SERVERS,
  SERVERS_ROUTER,
} from './plan.ts';
import { internetRules, type RouterRules, routerRules, type Shut } from './rules.ts';

/** Network conditions of one case. */
export interface Conditions {
  readonly pupilAt: Place;
  readonly home: RouterRules;
  readonly school: RouterRules;
  /** Unreachable servers, or single ports of them. */
  readonly shut: readonly Shut[];
  /** MTU of both uplinks, bytes. */
  readonly mtu: number;
  /** The school's uplink rate, kbit/s; unlimited when omitted. */
  readonly schoolUplinkKbps?: number;
}

/** Queue of a modem: packets wait at most this long before they are dropped. */
const MODEM_QUEUE_MS = 400;

const OPEN: RouterRules = { nat: 'endpointIndependent', lets: 'everything' };
/** A carrier's NAT is symmetric. */
const CARRIER: RouterRules = { nat: 'symmetric', lets: 'everything' };

export const USUAL: Conditions = {
  pupilAt: 'home',
  home: OPEN,
  school: OPEN,
  shut: [],
  mtu: 1_500,
};

export class Network {
  private at: Place | undefined;
  private narrowed = false;

  constructor(private readonly spaces: Namespaces) {}

  /** Creates all links; the pupil's device is not connected yet. */
  build(): void {
    const { spaces } = this;
    spaces.ip('internet', ['link', 'add', 'name', 'servers', 'type', 'bridge']);
    this.up('internet', 'servers', `${SERVERS_ROUTER}/24`);
    for (const server of ['turn', 'stun', 'page'] as const)
      spaces.ip('internet', ['addr', 'add', `${SERVERS[server]}/24`, 'dev', 'servers']);
    this.plugIn('broker', 'internet', 'servers', `${SERVERS.broker}/24`, SERVERS_ROUTER);
    // The rest of the internet: packets to unknown addresses are dropped without ICMP. (coturn
    // ends a pupil's allocation when the kernel says that a private address cannot be reached.)
    spaces.ip('internet', ['route', 'add', 'default', 'via', SERVERS.broker]);
    for (const router of Object.values(ROUTERS)) this.buildRouter(router);
    this.plugIn('robot', 'school', 'lan', `${ROBOT}/24`, ROUTERS.school.lan);
    this.setRules('mobile', CARRIER);
  }

  apply({ pupilAt, home, school, shut, mtu, schoolUplinkKbps }: Conditions): void {
    this.setRules('home', home);
    this.setRules('school', school);
    this.spaces.exec('internet', ['nft', '-f', '-'], internetRules({ shut }));
    for (const { name } of Object.values(ROUTERS)) {
      this.spaces.ip(name, ['link', 'set', 'wan', 'mtu', String(mtu)]);
      this.spaces.ip('internet', ['link', 'set', name, 'mtu', String(mtu)]);
    }
    this.narrow(schoolUplinkKbps);
    this.movePupil(pupilAt);
  }

  /** Backlog of the school's uplink queue, bytes. */
  schoolBacklog(): number {
    const said = this.spaces.exec('school', ['tc', '-s', 'qdisc', 'show', 'dev', 'wan']);
    const [, count, thousand] = /backlog (\d+)(K?)b/.exec(said) ?? [];
    return Number(count ?? 0) * (thousand ? 1_024 : 1);
  }

  /** A token bucket (tc-tbf(8)). No added delay, as small machines' kernels may lack netem. */
  private narrow(kbps: number | undefined): void {
    const qdisc = (words: readonly string[]) =>
      this.spaces.exec('school', ['tc', 'qdisc', ...words]);
    const rate = `${kbps}kbit`;
    const bucket = ['rate', rate, 'burst', '3000', 'latency', `${MODEM_QUEUE_MS}ms`];
    if (kbps !== undefined) qdisc(['replace', 'dev', 'wan', 'root', 'tbf', ...bucket]);
    else if (this.narrowed) qdisc(['del', 'dev', 'wan', 'root']);
    this.narrowed = kbps !== undefined;
  }

  /** Moves the pupil's device to another network, with another address and router. */
  movePupil(place: Place): void {
    if (this.at === place) return;
    const { spaces } = this;
    if (this.at) {
      const { pupilDevice } = ROUTERS[this.at];
      spaces.ip('pupil', ['link', 'set', pupilDevice, 'down']);
      spaces.ip('pupil', ['addr', 'flush', 'dev', pupilDevice]);
    }
    const { pupilDevice, lan, pupil } = ROUTERS[place];
    this.up('pupil', pupilDevice, `${pupil}/24`);
    spaces.ip('pupil', ['route', 'replace', 'default', 'via', lan, 'dev', pupilDevice]);
    this.at = place;
  }

  private buildRouter({ name, wan, uplink, lan, pupilDevice }: Router): void {
    const { spaces } = this;
    spaces.wire(['internet', name], [name, 'wan']);
    this.up('internet', name, `${uplink}/30`);
    this.up(name, 'wan', `${wan}/30`);
    spaces.ip(name, ['route', 'add', 'default', 'via', uplink]);
    spaces.ip(name, ['link', 'add', 'name', 'lan', 'type', 'bridge']);
    this.up(name, 'lan', `${lan}/24`);
    spaces.ip(name, ['addr', 'add', `${NAME_SERVER}/32`, 'dev', 'lan']);
    spaces.wire([name, 'pupil'], ['pupil', pupilDevice]);
    spaces.ip(name, ['link', 'set', 'pupil', 'master', 'lan', 'up']);
  }

  /** A host with one cable into the switch of another. */
  private plugIn(host: Host, into: Host, bridge: string, address: string, router: string): void {
    const { spaces } = this;
    spaces.wire([into, host], [host, 'eth0']);
    spaces.ip(into, ['link', 'set', host, 'master', bridge, 'up']);
    this.up(host, 'eth0', address);
    spaces.ip(host, ['route', 'add', 'default', 'via', router]);
  }

  private up(host: Host, device: string, address: string): void {
    this.spaces.ip(host, ['addr', 'add', address, 'dev', device]);
    this.spaces.ip(host, ['link', 'set', device, 'up']);
  }

  private setRules(router: Router['name'], rules: RouterRules): void {
    this.spaces.exec(router, ['nft', '-f', '-'], routerRules(rules));
  }
}

/**
 * The hosts of the rig and their addresses, from the ranges that are kept for documentation
 * (RFC 5737), for private networks (RFC 1918) and for carriers' NAT (RFC 6598).
 *
 *   pupil ─ wlan0 ─ home (NAT) ────┐
 *         ─ wwan0 ─ mobile (NAT) ──┤ internet: turn, stun, broker, page
 *         ─ eth0 ──┐               │
 *   robot ─ eth0 ──┴ school (NAT) ─┘
 *
 * The broker has its own host on the internet, since mosquitto's WebSocket listens on all
 * addresses of its host.
 */

/** Each has its own network namespace. */
export const HOSTS = ['internet', 'broker', 'home', 'school', 'mobile', 'pupil', 'robot'] as const;
export type Host = (typeof HOSTS)[number];

export type RouterName = Extract<Host, 'home' | 'school' | 'mobile'>;
/** Behind which router the pupil's device is. */
export type Place = RouterName;

export interface Router {
  readonly name: RouterName;
  /** Of the router, towards the internet, and of the internet's end of that wire. */
  readonly wan: string;
  readonly uplink: string;
  /** Of the router, towards the devices behind it; a /24. */
  readonly lan: string;
  /** Of the pupil's device when it is there. */
  readonly pupil: string;
  /** The pupil's device's interface into this network, named as Linux names such. */
  readonly pupilDevice: string;
}

export const ROUTERS: Readonly<Record<RouterName, Router>> = {
  home: {
    name: 'home',
    wan: '198.51.100.2',
    uplink: '198.51.100.1',
    lan: '192.168.1.1',
    pupil: '192.168.1.10',
    pupilDevice: 'wlan0',
  },
  school: {
    name: 'school',
    wan: '198.51.100.6',
    uplink: '198.51.100.5',
    lan: '10.20.0.1',
    pupil: '10.20.0.77',
    pupilDevice: 'eth0',
  },
  mobile: {
    name: 'mobile',
    wan: '198.51.100.10',
    uplink: '198.51.100.9',
    lan: '100.64.0.1',
    pupil: '100.64.0.10',
    pupilDevice: 'wwan0',
  },
};

export const ROBOT = '10.20.0.10';

export const SERVERS = {
  turn: '203.0.113.10',
  broker: '203.0.113.20',
  page: '203.0.113.30',
  stun: '203.0.113.40',
} as const;
export type Server = keyof typeof SERVERS;
/** Of the internet, for a server that is a host of its own. */
export const SERVERS_ROUTER = '203.0.113.1';

/** `.test` is reserved (RFC 6761). */
export const nameOf = (server: Server): string => `${server}.field.test`;

/** In each router, as its own: who goes from one network to another need not learn a new one. */
export const NAME_SERVER = '10.53.53.53';

/** The cases: the networks in which a lesson must start and continue, and the expected paths. */
import { en } from '../../../agent/pages/pupil/words/en.ts';
import { type Conditions, USUAL } from '../net/network.ts';
import type { RouterRules } from '../net/rules.ts';
import { brokerDies, joining, moving, narrow, type Play, portal } from './plays.ts';

export interface Case {
  /** For ONLY. */
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly play: Play;
}

const NEAR_MS = 1_500;
/** TCP, TLS and TURN take a few round trips more, each way. */
const TCP_MS = 4_000;

const both = (rules: RouterRules): Pick<Conditions, 'home' | 'school'> => ({
  home: rules,
  school: rules,
});

const symmetric = both({ nat: 'symmetric', lets: 'everything' });
const nobodyRelays = [{ server: 'turn' }, { server: 'stun' }] as const;

const direct = { conditions: USUAL, expected: 'direct', limitMs: NEAR_MS } as const;
const lan = {
  conditions: { ...USUAL, pupilAt: 'school', shut: nobodyRelays },
  expected: 'lan',
  limitMs: NEAR_MS,
} as const;

export const CASES: readonly Case[] = [
  {
    name: 'lan',
    what: 'one network, and no server but broker and page',
    play: joining(lan),
  },
  {
    name: 'lan-mdns',
    what: 'the same, listening only: addresses hide behind mDNS names',
    play: joining({ ...lan, listening: true }),
  },
  { name: 'nat', what: 'both behind NAT', play: joining(direct) },
  {
    name: 'turn-dead',
    what: 'both behind NAT, and the relay does not answer',
    play: joining({ ...direct, conditions: { ...USUAL, shut: [{ server: 'turn' }] } }),
  },
  {
    name: 'turn-udp',
    what: 'both behind symmetric NAT',
    play: joining({
      conditions: { ...USUAL, ...symmetric },
      expected: 'relay/udp',
      limitMs: NEAR_MS,
    }),
  },
  {
    name: 'stun-silent',
    what: 'the same, and STUN does not answer',
    play: joining({
      conditions: { ...USUAL, ...symmetric, shut: [{ server: 'stun' }] },
      expected: 'relay/udp',
      limitMs: NEAR_MS,
    }),
  },
  {
    name: 'turn-tcp',
    what: 'no UDP leaves either network',
    play: joining({
      conditions: {
        ...USUAL,
        ...both({ nat: 'symmetric', lets: 'tcp' }),
        shut: [{ server: 'turn', tcp: 443 }],
      },
      expected: 'relay/tcp',
      limitMs: TCP_MS,
    }),
  },
  {
    name: 'tls443',
    what: 'nothing but TCP to port 443 leaves either network',
    play: joining({
      conditions: { ...USUAL, ...both({ nat: 'symmetric', lets: 'tls443' }) },
      expected: 'relay/tls',
      limitMs: TCP_MS,
    }),
  },
  {
    name: 'mtu1280',
    what: 'symmetric NAT, and paths that carry 1280 bytes',
    play: joining({
      conditions: { ...USUAL, ...symmetric, mtu: 1_280 },
      expected: 'relay/udp',
      limitMs: NEAR_MS,
    }),
  },
  {
    name: 'move',
    what: 'from Wi-Fi to the mobile network, in class',
    play: moving(direct, 5_000),
  },
  {
    name: 'broker-dies',
    what: 'the broker dies in class, and comes back',
    play: brokerDies(direct, 3_000, 1_000),
  },
  {
    name: 'narrow',
    what: "the school's uplink carries 400 kbit/s, less than the robot begins with",
    play: narrow({ ...direct, limitMs: TCP_MS }, 400, {
      // The lesson must continue; quality is only reported, as a busy machine lowers the estimate.
      ...{ forMs: 8_000, gapMs: 8_000, queueMs: 1_000, framesPerS: 1 },
    }),
  },
  {
    name: 'portal-home',
    what: "a portal stands in the pupil's network",
    play: portal('home', en.noBroker, 15_000),
  },
  {
    name: 'portal-school',
    what: "a portal stands in the school's network",
    play: portal('school', en.noAnswer, 15_000),
  },
];

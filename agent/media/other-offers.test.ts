/** Further offers and candidates that nobody agreed to, given to the real library. */
import { afterEach, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { beyondAgreement } from '../media-link/agreed-media.ts';
import type { Peer } from '../media-link/peer.ts';
import { native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

/** As a pupil's browser makes it, with the same library. */
async function trueOffer(): Promise<string> {
  const pc = new native.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  for (const label of ['look', 'control']) pc.createDataChannel(label);
  pc.addTransceiver('video', { direction: 'recvonly' });
  pc.addTransceiver('audio', { direction: 'sendrecv' });
  const { sdp = '' } = await pc.createOffer();
  pc.close();
  return sdp;
}

const OFFER = await trueOffer();
const clock = new SystemClock();
const left: Peer[] = [];
afterEach(() => {
  for (const peer of left.splice(0)) peer.close();
});

function robot(): Peer {
  const open = wrtcPeers({ servers: () => [], policy: 'all', clock, log: silentLog });
  const peer = open({ onState: () => {}, onMessage: () => {}, onVoice: () => {} });
  left.push(peer);
  return peer;
}

/** An answer within the agreement, or the reason why there is none. */
async function answered(peer: Peer, sdp: string): Promise<string> {
  const answer = await peer.answer(sdp, () => {}).catch((error: Error) => error);
  if (answer instanceof Error) return `refused: ${answer.message}`;
  expect(beyondAgreement(answer)).toBeUndefined();
  return answer;
}

const sections = OFFER.split(/^(?=m=)/m);
const [head = '', ...media] = sections;
const of = (kind: string): string => media.find((one) => one.startsWith(`m=${kind}`)) ?? '';
const lines = (text: string, more: readonly string[]): string =>
  `${text}${more.map((line) => `${line}\r\n`).join('')}`;

const OFFERS: readonly (readonly [string, string])[] = [
  [
    'simulcast',
    OFFER.replace(
      of('video'),
      lines(of('video'), ['a=rid:h send', 'a=rid:l send', 'a=simulcast:send h;l']),
    ),
  ],
  [
    'a picture that the pupil sends',
    OFFER.replace(of('video'), of('video').replace('a=recvonly', 'a=sendonly')),
  ],
  ['a second sound', OFFER + of('audio').replace(/a=mid:\S+/, 'a=mid:9')],
  ['the data channels twice', OFFER + of('application').replace(/a=mid:\S+/, 'a=mid:9')],
  ['nothing but repair packets', OFFER.replace(/^m=video .*$/m, 'm=video 9 UDP/TLS/RTP/SAVPF 97')],
  ['no bundle', OFFER.replace(/^a=group:BUNDLE.*\r\n/m, '')],
  [
    'a thousand sections',
    head +
      Array.from({ length: 1_000 }, (_, n) => of('audio').replace(/a=mid:\S+/, `a=mid:${n}`)).join(
        '',
      ),
  ],
  ['no candidates', OFFER.replace(/^a=candidate.*\r\n/gm, '')],
];

it.each(OFFERS)(
  '%s: an answer within the agreement, or none; then an honest pupil is answered',
  async (_, sdp) => {
    expect(await answered(robot(), sdp)).toMatch(/^(v=0|refused: )/);
    expect(await answered(robot(), OFFER)).toMatch(/^v=0/);
  },
);

it('a line that is added in the middle of a lesson is not taken, and the lesson goes on', async () => {
  const peer = robot();
  expect(await answered(peer, OFFER)).toMatch(/^v=0/);
  const camera = of('video')
    .replace('a=recvonly', 'a=sendonly')
    .replace(/a=mid:\S+/, 'a=mid:9');
  const more = await answered(peer, OFFER + camera);
  const added = more.split(/^(?=m=)/m).slice(1 + media.length);
  for (const section of added) expect(section).toMatch(/^m=video 0 |a=inactive/m);
  expect(await answered(peer, OFFER)).toMatch(/^(v=0|refused: )/);
});

it('offers that cross each other: each is answered or refused, and the last one can be', async () => {
  const peer = robot();
  const crossed = await Promise.all(Array.from({ length: 20 }, () => answered(peer, OFFER)));
  for (const one of crossed) expect(one).toMatch(/^(v=0|refused: )/);
  expect(crossed.some((one) => one.startsWith('v=0'))).toBe(true);
  expect(await answered(peer, OFFER)).toMatch(/^v=0/);
  expect(await answered(robot(), OFFER)).toMatch(/^v=0/);
});

it.each(['', 'rollback', 'v=0', 'v=0\r\n'])(
  'in a lesson, what takes an offer back (%j): the lesson goes on',
  async (sdp) => {
    const peer = robot();
    expect(await answered(peer, OFFER)).toMatch(/^v=0/);
    expect(await answered(peer, sdp)).toMatch(/^(v=0|refused: )/);
    expect(await answered(peer, OFFER)).toMatch(/^v=0/);
  },
);

it('ten thousand candidates of every odd kind', async () => {
  const kinds = [
    'candidate:1 1 udp 4294967295 0.0.0.0 9 typ host',
    'candidate:1 1 udp 2122260223 fe80::1%eth0 50000 typ host',
    'candidate:1 1 udp 2122260223 [fe80::1] 50000 typ host',
    'candidate:1 1 udp 2122260223 ::ffff:127.0.0.1 22 typ host',
    'candidate:1 1 udp 2122260223 255.255.255.255 65535 typ host',
    'candidate:1 1 udp 2122260223 224.0.0.251 5353 typ host',
    'candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active',
    'candidate:1 1 tcp 1518280447 192.0.2.1 80 typ host tcptype so',
    'candidate:1 2 udp 99999999999999999999 192.0.2.1 70000 typ host',
    'candidate:1 256 udp -1 192.0.2.1 -1 typ relay raddr x rport y',
    `candidate:1 1 udp 1 ${'a'.repeat(400)}.local 50000 typ host`,
    'candidate:1 1 udp 1 00000000-0000-4000-8000-000000000000.local 50000 typ host',
  ];
  const peer = robot();
  expect(await answered(peer, OFFER)).toMatch(/^v=0/);
  for (let n = 0; n < 10_000; n += 16)
    peer.addCandidates(
      Array.from({ length: 16 }, (_, i) => ({
        candidate: (kinds[(n + i) % kinds.length] ?? '').replace('50000', String(1_024 + n)),
        mid: '0',
        line: 0,
      })),
    );
  await peer.stats();
  expect(await answered(robot(), OFFER)).toMatch(/^v=0/);
});

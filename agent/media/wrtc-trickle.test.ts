/** Candidates of the real library: none is waited for that may never come. */
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import type { PeerState } from '../media-link/peer.ts';
import { type Candidate, candidateOf } from '../wire/trickle.ts';
import { until } from './testing/until.ts';
import { native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const clock = new SystemClock();
const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

/** A relay that is there and never says a word: gathering goes on for many seconds. */
async function silentRelay(): Promise<RTCIceServer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  left.push(() => socket.close());
  const { port } = socket.address() as AddressInfo;
  return { urls: `turn:127.0.0.1:${port}`, username: 'u', credential: 'c' };
}

/** A relay that has no room: each Allocate is answered with 486 (RFC 8656, 7.2). */
async function fullRelay(): Promise<RTCIceServer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  left.push(() => socket.close());
  const text = Buffer.from('Allocation Quota Reached');
  const error = Buffer.from([0, 9, 0, 4 + text.length, 0, 0, 4, 86, ...text]);
  socket.on('message', (request, from) => {
    const head = Buffer.from([1, 0x13, 0, error.length, ...request.subarray(4, 20)]);
    socket.send(Buffer.concat([head, error]), from.port, from.address);
  });
  const { port } = socket.address() as AddressInfo;
  return { urls: `turn:127.0.0.1:${port}`, username: 'u', credential: 'c' };
}

function robotWith(servers: RTCIceServer[], log: Log = silentLog) {
  const states: PeerState[] = [];
  const open = wrtcPeers({ servers: () => servers, policy: 'all', clock, log });
  const peer = open({
    onState: (state) => states.push(state),
    onMessage: () => {},
    onVoice: () => {},
  });
  left.push(() => peer.close());
  return { peer, states };
}

function pupil() {
  const pc = new native.RTCPeerConnection({});
  left.push(() => pc.close());
  pc.createDataChannel('look', { ordered: false, maxRetransmits: 0 });
  const control = pc.createDataChannel('control');
  pc.addTransceiver('video', { direction: 'recvonly' });
  pc.addTransceiver('audio', { direction: 'recvonly' });
  const found: Candidate[] = [];
  pc.onicecandidate = ({ candidate }) => {
    const one = candidate?.candidate ? candidateOf(candidate) : undefined;
    if (one) found.push(one);
  };
  const offer = async (): Promise<string> => {
    await pc.setLocalDescription(await pc.createOffer());
    return withoutCandidates(pc.localDescription?.sdp ?? '');
  };
  return { pc, control, found, offer };
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(?:candidate|end-of-candidates).*\r\n/gm, '');
}

it('answers at once though gathering does not end, and connects by what trickles', async () => {
  const { peer, states } = robotWith([await silentRelay()]);
  const { pc, found, offer } = pupil();
  const sdp = await offer();
  const start = clock.now();
  const trickled: (Candidate | undefined)[] = [];
  const answer = await peer.answer(sdp, (candidate) => trickled.push(candidate));
  expect(clock.now() - start).toBeLessThan(500);
  expect(trickled, 'gathering goes on').not.toContain(undefined);
  await until(clock, () => trickled.length > 0 || /a=candidate/.test(answer));
  // As on a path where each candidate comes by itself.
  await pc.setRemoteDescription({ type: 'answer', sdp: withoutCandidates(answer) });
  const [, inAnswer] = /^a=(candidate:.*)\r$/m.exec(answer) ?? [];
  if (inAnswer) await pc.addIceCandidate({ candidate: inAnswer, sdpMid: '0', sdpMLineIndex: 0 });
  for (const one of trickled)
    if (one) await pc.addIceCandidate({ candidate: one.candidate, sdpMid: one.mid ?? '0' });
  await until(clock, () => found.length > 0);
  peer.addCandidates(found);
  await until(clock, () => states.includes('connected'));
  const transports = trickled.map((one) => one?.candidate.split(' ').slice(0, 6).join(' '));
  for (const one of transports) if (one) expect(answer, 'said once').not.toContain(one);
});

it('a browser that hides its addresses (mDNS) gets in on a LAN: the robot says its own', async () => {
  const { peer, states } = robotWith([]);
  const { pc, offer } = pupil();
  const trickled: Candidate[] = [];
  const answer = await peer.answer(await offer(), (one) => one && trickled.push(one));
  // A name that nobody here resolves, as on a robot without a resolver for .local.
  const name = '0b8fb4b9-1c1f-4b8b-9d52-5f3a2f3c7e11.local';
  const candidate = `candidate:1 1 udp 2113937151 ${name} 50000 typ host generation 0`;
  peer.addCandidates([{ candidate, mid: '0', line: 0 }]);
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
  for (const one of trickled)
    await pc.addIceCandidate({ candidate: one.candidate, sdpMid: one.mid ?? '0' });
  await until(clock, () => states.includes('connected'));
});

it('says the end when there is one', async () => {
  const { peer } = robotWith([]);
  const trickled: (Candidate | undefined)[] = [];
  await peer.answer(await pupil().offer(), (candidate) => trickled.push(candidate));
  await until(clock, () => trickled.includes(undefined));
  expect(trickled.filter((one) => one === undefined)).toHaveLength(1);
});

it('a page that takes no candidates gets what is there within 1.5 s', async () => {
  const { peer } = robotWith([await silentRelay()]);
  const start = clock.now();
  const answer = await peer.answer(await pupil().offer());
  expect(clock.now() - start).toBeGreaterThan(1_000);
  expect(clock.now() - start).toBeLessThan(2_500);
  expect(answer).toMatch(/a=candidate:/);
});

it('a relay that is full is named, once', async () => {
  const said: object[] = [];
  const warn = (facts: object, text: string): void => {
    if (text === 'STUN or TURN server refused') said.push(facts);
  };
  const server = await fullRelay();
  const { peer } = robotWith([server], { ...silentLog, warn });
  await peer.answer(await pupil().offer(), () => {});
  await until(clock, () => said.length > 0);
  const text = 'Allocation Quota Reached';
  expect(said).toEqual([{ server: `${server.urls}?transport=udp`, code: 486, text }]);
});

it('candidates that are none, or of no connection, do no harm', async () => {
  const { peer } = robotWith([]);
  const nonsense = ['candidate:', 'candidate:1 1 udp x', 'candidate:1 1 tcp 1 a 1 typ host'];
  const batch = nonsense.map((candidate) => ({ candidate, mid: 'nowhere', line: 7 }));
  peer.addCandidates(batch);
  await peer.answer(await pupil().offer(), () => {});
  peer.addCandidates(batch);
  peer.close();
  peer.addCandidates(batch);
});

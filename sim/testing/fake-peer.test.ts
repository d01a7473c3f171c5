import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaPeer } from '../../agent/media/media-peer.ts';
import type { PeerState } from '../../agent/media-link/peer.ts';
import type { LinkSetting } from '../network/bad-link.ts';
import { SimClock } from '../time/sim-clock.ts';
import { type FakeCall, FakeNetwork } from './fake-peer.ts';

const LINK: LinkSetting = { delayMs: 20, lossRatio: 0, kbps: null };
let clock: SimClock;
let net: FakeNetwork;
let states: PeerState[];
let heard: { channel: string; text: string | undefined; bytes: number; atMs: number }[];
let voices: number;

beforeEach(() => {
  clock = new SimClock();
  net = new FakeNetwork({ clock, seed: 4 });
  states = [];
  heard = [];
  voices = 0;
});

/** A call that has been answered and connected. */
async function inClass(link: LinkSetting = LINK): Promise<{ call: FakeCall; peer: MediaPeer }> {
  const call = net.call(link);
  const peer = net.openPeer({
    onState: (state) => states.push(state),
    onMessage: (channel, text, bytes) => heard.push({ channel, text, bytes, atMs: clock.now() }),
    onVoice: () => {
      voices += 1;
    },
  });
  call.pupil.accept(await peer.answer(call.pupil.offerSdp));
  await clock.advance(2_000);
  return { call, peer };
}

describe('fake peer', () => {
  it('answers only an offer of its pupils, and only once accepted it connects', async () => {
    const events = { onState: () => {}, onMessage: () => {}, onVoice: () => {} };
    await expect(net.openPeer(events).answer('v=0')).rejects.toThrow('offer');
    const call = net.call();
    const peer = net.openPeer({ ...events, onState: (state) => states.push(state) });
    const answer = await peer.answer(call.pupil.offerSdp);
    await clock.advance(5_000);
    expect(states).toEqual([]);
    call.pupil.accept(answer);
    await clock.advance(150);
    expect(states).toEqual([]);
    await clock.advance(100);
    expect(states).toEqual(['connected']);
    peer.close();
    peer.close();
    expect(states).toEqual(['connected', 'closed']);
    expect(call.ended).toBe(true);
  });

  it('carries commands, looks, voice and binary to the robot after the delay', async () => {
    const { call } = await inClass();
    const start = clock.now();
    call.pupil.command({ kind: 'hand', up: true });
    call.pupil.look({ kind: 'look', pan: 10, tilt: 0 });
    call.pupil.sendBinary('control', 5000);
    call.pupil.talk(0.5);
    await clock.advance(100);
    expect(heard.map(({ atMs }) => atMs - start)).toEqual([20, 20, 20]);
    expect(heard.map(({ channel }) => channel)).toEqual(['control', 'look', 'control']);
    expect(JSON.parse(heard[0]?.text ?? '')).toEqual({ kind: 'hand', up: true, seq: 0 });
    expect(heard[2]).toMatchObject({ text: undefined, bytes: 5000 });
    expect(voices).toBe(8);
    call.pupil.hush();
  });

  it('shows the pupil what the robot sends', async () => {
    const { call, peer } = await inClass();
    const data = new Uint8ClampedArray((64 * 48 * 3) / 2).fill(100);
    peer.sendVideo({ width: 64, height: 48, data, capturedAtMs: clock.now() - 5 });
    data.fill(16);
    peer.sendAudio(new Int16Array(480).fill(16_384));
    peer.send('{"kind":"handAcknowledged"}');
    await clock.advance(30);
    expect(call.pupil.frames).toMatchObject([{ width: 64, height: 48, luma: 100 }]);
    expect(call.pupil.frames[0]?.arrivedAtMs).toBe((call.pupil.frames[0]?.capturedAtMs ?? 0) + 25);
    expect(call.pupil.sounds[0]?.rms).toBeCloseTo(0.5, 3);
    expect(call.pupil.newest('handAcknowledged')).toEqual({ kind: 'handAcknowledged' });
    expect((await peer.stats()).roundTripMs).toBe(40);
  });

  it('loses looks on a poor link, never commands, and keeps these in order', async () => {
    const { call } = await inClass({ delayMs: 50, lossRatio: 0.3, kbps: null });
    for (let i = 0; i < 100; i++) {
      call.pupil.look({ kind: 'look', pan: i, tilt: 0 });
      call.pupil.command({ kind: 'stop' });
      await clock.advance(10);
    }
    await clock.advance(20_000);
    const looks = heard.filter(({ channel }) => channel === 'look').length;
    expect(looks).toBeGreaterThan(50);
    expect(looks).toBeLessThan(90);
    const seqs = heard
      .filter(({ channel }) => channel === 'control')
      .map(({ text }) => Number(JSON.parse(text ?? '').seq));
    expect(seqs).toHaveLength(100);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  });

  it('notices a cut after a while and comes back; commands of the meantime arrive then', async () => {
    const { call } = await inClass();
    call.cut();
    call.pupil.command({ kind: 'hand', up: true });
    call.pupil.look({ kind: 'look', pan: 1, tilt: 1 });
    await clock.advance(4_000);
    expect(states).toEqual(['connected']);
    await clock.advance(2_000);
    expect(states).toEqual(['connected', 'disconnected']);
    call.restore();
    await clock.advance(100);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(heard).toHaveLength(1);
  });

  it('connects late when the network was away while it was being set up', async () => {
    const call = net.call(LINK);
    const peer = net.openPeer({
      onState: (state) => states.push(state),
      onMessage: () => {},
      onVoice: () => {},
    });
    call.pupil.accept(await peer.answer(call.pupil.offerSdp));
    call.cut();
    await clock.advance(10_000);
    expect(states).toEqual([]);
    call.restore();
    await clock.advance(500);
    expect(states).toEqual(['connected']);
  });

  it('fails for good after half a minute without a network', async () => {
    const { call, peer } = await inClass();
    call.cut();
    await clock.advance(31_000);
    call.restore();
    await clock.advance(5_000);
    expect(states).toEqual(['connected', 'disconnected', 'failed']);
    peer.close();
    expect(states.at(-1)).toBe('closed');
  });
});

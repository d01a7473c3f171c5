/** The real library on both ends, over the loopback network: in this process, and behind the agent's link. */
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Peer, PeerEvents, PeerState } from '../media-link/peer.ts';
import { FakeMedia } from '../testing/fake-media.ts';
import { JoinedMedia } from '../testing/joined-media.ts';
import { type NativeAudioSink, type NativeVideoSink, native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const clock = new SystemClock();
const ice = { servers: () => [], policy: 'all' as const };
const open = wrtcPeers({ ...ice, clock, log: silentLog });

/** A connection, and where camera, microphone and speaker are. */
interface Robot {
  readonly peer: Peer;
  film(): void;
  hear(samples: Int16Array): void;
  /** What of the pupil's voice has come. */
  readonly voice: Int16Array[];
}

async function here(events: PeerEvents): Promise<Robot> {
  const voice: Int16Array[] = [];
  const peer = open({ ...events, onVoice: (samples) => voice.push(samples.slice()) });
  const data = new Uint8ClampedArray((640 * 480 * 3) / 2).fill(128);
  return {
    ...{ peer, voice },
    film: () => peer.sendVideo({ width: 640, height: 480, data, capturedAtMs: clock.now() }),
    hear: (samples) => peer.sendAudio(samples),
  };
}

async function behindTheLink(events: PeerEvents): Promise<Robot> {
  const hardware = new FakeMedia();
  const { remote } = new JoinedMedia({ clock, log: silentLog, hardware, openPeer: open });
  await remote.there();
  const peer = remote.openPeer(events);
  remote.setDesired({
    ...{ sink: peer, camera: true, microphone: true, voice: true },
    ...{ size: '480p', mode: 'normal', volume: 1 },
  });
  left.push(() => void remote.close());
  return {
    ...{ peer, voice: hardware.speaker.played },
    film: () => hardware.camera.shoot(clock.now()),
    hear: (samples) => hardware.microphone.hear(samples),
  };
}

/** The pupil's end, as a browser makes it. */
class Pupil {
  readonly pc = new native.RTCPeerConnection({});
  readonly look = this.pc.createDataChannel('look', { ordered: false, maxRetransmits: 0 });
  readonly control = this.pc.createDataChannel('control');
  readonly words: string[] = [];
  readonly streams: readonly MediaStream[][] = [];
  pictures = 0;
  lastLuma = 0;
  loudest = 0;
  private readonly microphone = new native.nonstandard.RTCAudioSource();
  private readonly track = this.microphone.createTrack();
  private readonly sinks: (NativeAudioSink | NativeVideoSink)[] = [];
  private phase = 0;

  constructor() {
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.addTrack(this.track, new native.MediaStream([this.track]));
    this.control.onmessage = ({ data }) => this.words.push(String(data));
    this.pc.ontrack = ({ track }) =>
      track.kind === 'video' ? this.watch(track) : this.hear(track);
  }

  async offer(): Promise<string> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    await until(() => this.pc.iceGatheringState === 'complete');
    return this.pc.localDescription?.sdp ?? '';
  }

  /** 10 ms of a tone at a quarter of full scale. */
  speak(): void {
    this.microphone.onData(chunk(this.tone()));
  }

  tone(): Int16Array {
    const samples = new Int16Array(480);
    for (let i = 0; i < 480; i++)
      samples[i] = 8_192 * Math.sin(2 * Math.PI * 440 * ((this.phase++ % 48_000) / 48_000));
    return samples;
  }

  close(): void {
    for (const sink of this.sinks) sink.stop();
    this.track.stop();
    this.pc.close();
  }

  private watch(track: MediaStreamTrack): void {
    const sink = new native.nonstandard.RTCVideoSink(track);
    this.sinks.push(sink);
    sink.onframe = ({ frame }) => {
      this.pictures += 1;
      this.lastLuma = frame.data[0] ?? 0;
    };
  }

  private hear(track: MediaStreamTrack): void {
    const sink = new native.nonstandard.RTCAudioSink(track);
    this.sinks.push(sink);
    sink.ondata = ({ samples }) => {
      for (const sample of samples) this.loudest = Math.max(this.loudest, Math.abs(sample));
    };
  }
}

function chunk(samples: Int16Array) {
  return { samples, sampleRate: 48_000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 };
}

async function until(done: () => boolean, limitMs = 10_000): Promise<void> {
  const end = clock.now() + limitMs;
  while (!done()) {
    if (clock.now() > end) throw new Error(`not reached within ${limitMs} ms`);
    await delay(clock, 10);
  }
}

const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

type OpenRobot = (events: PeerEvents) => Promise<Robot>;

async function connectable(openRobot: OpenRobot) {
  const states: PeerState[] = [];
  const messages: { channel: string; text: string | undefined; bytes: number }[] = [];
  const robot = await openRobot({
    onState: (state) => states.push(state),
    onMessage: (channel, text, bytes) => messages.push({ channel, text, bytes }),
  });
  const { peer } = robot;
  const pupil = new Pupil();
  left.push(
    () => peer.close(),
    () => pupil.close(),
  );
  return { ...robot, pupil, states, messages };
}

async function connected(openRobot: OpenRobot) {
  const world = await connectable(openRobot);
  const { peer, pupil, states } = world;
  const answer = await peer.answer(await pupil.offer());
  await pupil.pc.setRemoteDescription({ type: 'answer', sdp: answer });
  await until(() => states.includes('connected'));
  return { ...world, answer };
}

const loudest = (chunks: readonly Int16Array[]): number =>
  Math.max(0, ...chunks.slice(-20).flatMap((samples) => [...samples].map(Math.abs)));

describe.each([
  ['in this process', here],
  ['behind the link of the agent', behindTheLink],
] as const)('a peer over WebRTC, %s', (_where, openRobot) => {
  it('answers once with all candidates and never asks for the pupil\u2019s picture', async () => {
    const { answer } = await connected(openRobot);
    expect(answer).toMatch(/a=candidate:/);
    const video = answer.split(/^m=/m).find((section) => section.startsWith('video')) ?? '';
    expect(video).toMatch(/a=sendonly/);
    const streams = [...answer.matchAll(/^a=msid:(\S+)/gm)].map(([, stream]) => stream);
    expect(new Set(streams).size).toBe(2);
  });

  it('carries a picture, sound both ways, and words', async () => {
    const { peer, film, hear, voice, pupil, messages } = await connected(openRobot);
    const camera = clock.every(33, film);
    const sound = clock.every(10, () => {
      pupil.speak();
      // A driver's chunk may lie anywhere in a larger buffer.
      const buffer = new Int16Array(4 * 480);
      buffer.set(pupil.tone(), 480);
      hear(buffer.subarray(480, 960));
    });
    left.push(
      () => camera.cancel(),
      () => sound.cancel(),
    );
    peer.send('from the robot');
    pupil.control.send('grüße');
    pupil.look.send(new Uint8Array(7));
    await until(() => pupil.pictures > 3 && pupil.loudest > 5_000 && loudest(voice) > 5_000);
    await until(() => messages.length === 2 && pupil.words.length === 1);
    expect(Math.abs(pupil.lastLuma - 128)).toBeLessThan(8);
    expect(voice.every(({ length }) => length === 480)).toBe(true);
    expect(pupil.words).toEqual(['from the robot']);
    expect(messages).toContainEqual({ channel: 'control', text: 'grüße', bytes: 7 });
    expect(messages).toContainEqual({ channel: 'look', text: undefined, bytes: 7 });
    const stats = await peer.stats();
    expect(stats.roundTripMs).toBeGreaterThanOrEqual(0);
  });

  it('says that the pupil is gone', async () => {
    const { pupil, states } = await connected(openRobot);
    pupil.close();
    await until(() => states.at(-1) !== 'connected');
    expect(['disconnected', 'closed', 'failed']).toContain(states.at(-1));
  });

  it('rejects an offer that is none, and is harmless after close', async () => {
    const { peer, hear } = await connectable(openRobot);
    await expect(peer.answer('v=0 nonsense')).rejects.toThrow();
    peer.close();
    peer.send('nobody hears');
    hear(new Int16Array(480));
    peer.close();
  });
});

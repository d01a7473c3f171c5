import { describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { OutgoingVideo, type VideoParts } from './outgoing-video.ts';

const WIDTH = 4;
const HEIGHT = 2;
const BYTES = 12;
const OFFER =
  'm=video 9 UDP/TLS/RTP/SAVPF 98 96\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:96 VP8/90000\r\n';

const goodStats = [
  {
    type: 'candidate-pair',
    nominated: true,
    availableOutgoingBitrate: 5e6,
    currentRoundTripTime: 0.02,
  },
  { type: 'outbound-rtp', kind: 'video', bytesSent: 0 },
  { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0 },
];

function setUp(stats: object[] = goodStats) {
  const clock = new SimClock();
  const onFrame = vi.fn<(frame: { width: number; height: number; data: Uint8Array }) => void>();
  const track = { kind: 'video', stop: vi.fn() };
  const sender = {};
  const transceiver = { sender, direction: 'sendrecv' };
  const applied: string[] = [];
  const connection = {
    connectionState: 'connected',
    signalingState: 'stable',
    remoteDescription: { type: 'offer', sdp: OFFER },
    addTrack: vi.fn(() => sender),
    getTransceivers: () => [transceiver],
    getStats: vi.fn(async () => new Map(stats.map((row, index) => [String(index), row]))),
    setRemoteDescription: vi.fn(async ({ sdp }: { sdp: string }) => {
      applied.push(sdp);
    }),
    createAnswer: async () => ({ type: 'answer', sdp: 'answer' }),
    setLocalDescription: vi.fn(async () => {}),
  };
  const parts: VideoParts = {
    RTCVideoSource: class {
      createTrack = () => track as unknown as MediaStreamTrack;
      onFrame = onFrame;
    },
    MediaStream: class {} as unknown as VideoParts['MediaStream'],
  };
  const rtc = connection as unknown as RTCPeerConnection;
  const video = new OutgoingVideo(rtc, parts, clock, silentLog);
  const frame = (data: Uint8ClampedArray = new Uint8ClampedArray(BYTES)) =>
    video.send({ width: WIDTH, height: HEIGHT, data, capturedAtMs: clock.now() });
  return { clock, onFrame, track, transceiver, applied, connection, video, frame };
}

describe('OutgoingVideo', () => {
  it('only sends, and puts VP8 first in the offer', () => {
    expect(setUp().transceiver.direction).toBe('sendonly');
    expect(OutgoingVideo.prepare(OFFER)).toContain('SAVPF 96 98\r\n');
  });

  it('starts wide enough for a large picture, and never falls back to that later', () => {
    expect(OutgoingVideo.prepare(OFFER)).toContain('a=fmtp:96 x-google-start-bitrate=600\r\n');
    expect(OutgoingVideo.prepareFurther(OFFER)).toContain('SAVPF 96 98\r\n');
    expect(OutgoingVideo.prepareFurther(OFFER)).not.toContain('x-google');
  });

  it('hands a frame over in the same call, without a copy', () => {
    const { frame, onFrame } = setUp();
    const data = new Uint8ClampedArray(BYTES);
    expect(frame(data)).toBe(true);
    expect(onFrame.mock.calls[0]?.[0].data.buffer).toBe(data.buffer);
  });

  it.each([
    ['a part of a buffer', () => new Uint8ClampedArray(new ArrayBuffer(64), 8, BYTES)],
    ['shared memory', () => new Uint8ClampedArray(new SharedArrayBuffer(BYTES))],
  ])('copies %s', (_name, make) => {
    const { frame, onFrame } = setUp();
    const data = make().fill(7);
    expect(frame(data)).toBe(true);
    const given = onFrame.mock.calls[0]?.[0].data;
    expect(given?.buffer.byteLength).toBe(BYTES);
    expect([...(given ?? [])]).toEqual([...data]);
  });

  it('takes 30 frames a second from a jittering camera, and from one that is too fast', async () => {
    const steady = setUp();
    let taken = 0;
    for (let n = 0; n < 300; n += 1) {
      await steady.clock.advance(n % 2 === 0 ? 28 : 38.7);
      if (steady.frame()) taken += 1;
    }
    expect(taken).toBe(300);
    const fast = setUp();
    taken = 0;
    for (let n = 0; n < 600; n += 1) {
      await fast.clock.advance(1_000 / 60);
      if (fast.frame()) taken += 1;
    }
    expect(taken).toBeGreaterThanOrEqual(299);
    expect(taken).toBeLessThanOrEqual(302);
  });

  it('raises the estimate by the pupil’s own offer, with another value each time', async () => {
    const { clock, applied, connection } = setUp();
    await clock.advance(3_500);
    expect(applied).toHaveLength(1);
    expect(applied[0]).toContain('a=fmtp:96 x-google-start-bitrate=40001');
    expect(connection.setLocalDescription).toHaveBeenCalledWith({ type: 'answer', sdp: 'answer' });
    await clock.advance(8_000);
    expect(applied).toHaveLength(2);
    expect(applied[1]).toContain('x-google-start-bitrate=40000');
  });

  it('does not negotiate in the middle of another negotiation', async () => {
    const { clock, applied, connection } = setUp();
    connection.signalingState = 'have-remote-offer';
    await clock.advance(10_000);
    expect(applied).toHaveLength(0);
  });

  it('survives statistics that fail', async () => {
    const { clock, connection, frame } = setUp();
    connection.getStats.mockRejectedValueOnce(new Error('gone'));
    await clock.advance(1_500);
    expect(frame()).toBe(true);
    expect(connection.getStats).toHaveBeenCalled();
  });

  it('is silent after close', async () => {
    const { clock, connection, frame, track, video, onFrame } = setUp();
    video.close();
    await clock.advance(10_000);
    expect(frame()).toBe(false);
    expect(onFrame).not.toHaveBeenCalled();
    expect(connection.getStats).not.toHaveBeenCalled();
    expect(track.stop).toHaveBeenCalled();
  });
});

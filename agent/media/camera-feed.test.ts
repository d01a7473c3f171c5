import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { sizes } from '../media-link/media-loop.ts';
import { FakeCamera } from '../testing/fake-media.ts';
import { asItIs, CameraFeed, type FrameTransform } from './camera-feed.ts';

function setUp(transform?: FrameTransform) {
  const clock = new SimClock();
  const camera = new FakeCamera();
  const delays: number[] = [];
  const picture = new CameraFeed(camera, clock, silentLog, (ms) => delays.push(ms), transform);
  const frames: { black: boolean; width: number; atMs: number }[] = [];
  const sink = {
    sendVideo: ({ data, width }: { data: Uint8ClampedArray; width: number }) =>
      frames.push({ black: data[0] === 16, width, atMs: clock.now() }),
  };
  const want = (camera: boolean, size: keyof typeof sizes = '480p') =>
    picture.setDesired({ sink, camera, size: sizes[size] });
  return { clock, camera, picture, frames, sink, want, delays };
}

describe('what pictures go through before they are encoded', () => {
  it('is nothing unless somebody asks for it', () => {
    const frame = { width: 2, height: 2, data: new Uint8ClampedArray(6), capturedAtMs: 1 };
    expect(asItIs(frame)).toBe(frame);
  });

  it('changes what is shown, and neither what is black nor how late pictures are', async () => {
    const half: FrameTransform = (frame) => ({ ...frame, width: frame.width / 2 });
    const { clock, camera, want, frames, delays } = setUp(half);
    want(true);
    await clock.advance(10);
    camera.shoot(clock.now() - 7);
    want(false);
    await clock.advance(1_000);
    expect(frames.slice(0, 2)).toMatchObject([
      { width: 320, black: false },
      { width: 640, black: true },
    ]);
    expect(delays).toEqual([7]);
  });

  it.each<[string, FrameTransform]>([
    ['withholds', () => undefined],
    [
      'throws',
      () => {
        throw new Error('no face detector');
      },
    ],
  ])('shows nothing, then black, when it %s', async (_how, transform) => {
    const { clock, camera, want, frames } = setUp(transform);
    want(true);
    const shots = clock.every(33, () => camera.shoot(clock.now()));
    await clock.advance(500);
    expect(frames).toEqual([]);
    await clock.advance(1_000);
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.every(({ black }) => black)).toBe(true);
    shots.cancel();
  });
});

describe('picture', () => {
  it('sends each frame in the call that brings it', async () => {
    const { clock, camera, want, frames } = setUp();
    want(true);
    await clock.advance(10);
    camera.shoot(clock.now());
    expect(frames).toHaveLength(1);
  });

  it('goes black at once, several times, then each second, and lets no late frame out', async () => {
    const { clock, camera, want, frames } = setUp();
    want(true);
    await clock.advance(10);
    camera.shoot(clock.now());
    want(false);
    camera.shoot(clock.now());
    expect(frames.map(({ black }) => black)).toEqual([false, true]);
    await clock.advance(200);
    expect(frames.length).toBe(5);
    await clock.advance(5_000);
    expect(frames.length).toBe(10);
    expect(frames.slice(1).every(({ black }) => black)).toBe(true);
    expect(camera.state).toBe('idle');
  });

  it('shows black when a camera stalls, and the picture as soon as it is back', async () => {
    const { clock, camera, want, frames } = setUp();
    want(true);
    await clock.advance(10);
    camera.shoot(clock.now());
    await clock.advance(900);
    expect(frames.at(-1)?.black).toBe(false);
    await clock.advance(300);
    expect(frames.at(-1)?.black).toBe(true);
    camera.shoot(clock.now());
    expect(frames.at(-1)?.black).toBe(false);
  });

  it('asks again for a camera that does not start, and takes the newest size', async () => {
    const { clock, camera, want } = setUp();
    camera.broken = true;
    want(true);
    await clock.advance(500);
    want(true, '720p');
    camera.broken = false;
    await clock.advance(1_000);
    expect(camera.starts).toBe(1);
    expect(camera.size).toEqual(sizes['720p']);
  });

  it('tells the mean delay from exposure to encoder each second', async () => {
    const { clock, camera, want, delays } = setUp();
    want(true);
    await clock.advance(10);
    camera.shoot(clock.now() - 10);
    camera.shoot(clock.now() - 30);
    await clock.advance(1_000);
    expect(delays).toEqual([20]);
  });

  it('ends with the camera stopped and nothing ticking', async () => {
    const { clock, camera, picture, want, frames } = setUp();
    want(true);
    await clock.advance(10);
    await picture.close();
    const before = frames.length;
    await clock.advance(5_000);
    expect(camera.state).toBe('idle');
    expect(frames.length).toBe(before);
  });
});

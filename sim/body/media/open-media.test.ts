import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HardwareFault } from '../../../hal/ports/fault.ts';
import type { MediaHardware, VideoFrame } from '../../../hal/ports/media.ts';
import { LESSON } from '../../classroom/lesson.ts';
import { SimClock } from '../../time/sim-clock.ts';
import type { WorldCommand, WorldPort, WorldState } from '../../world/schema.ts';
import { World } from '../../world/world.ts';
import { openSimulatedMedia } from './open-media.ts';
import { ChunkGrid } from './sound-device.ts';

/** A world that stands still, with what a test sets in it. */
class StillWorld implements WorldPort {
  readonly commands: WorldCommand[] = [];
  latest: WorldState;

  constructor(private readonly clock: SimClock) {
    this.latest = new World({ clock, seed: 1 }).snapshot();
    this.set({ cameraRail: true, microphoneRail: true, amplifier: true });
  }

  set(part: Partial<WorldState>): void {
    this.latest = { ...this.latest, atMs: this.clock.now(), ...part };
  }

  lookTo(panDeg: number): void {
    this.set({ pan: { ...this.latest.pan, deg: panDeg, degPerS: 0 } });
  }

  onState(): () => void {
    return () => {};
  }

  async send(command: WorldCommand): Promise<void> {
    this.commands.push(command);
  }

  async close(): Promise<void> {}
}

let clock: SimClock;
let world: StillWorld;
let media: MediaHardware;
beforeEach(async () => {
  clock = new SimClock();
  world = new StillWorld(clock);
  media = await openSimulatedMedia({ world, clock, logLine: () => {} });
});
afterEach(() => media.close());

const tone = Int16Array.from({ length: 480 }, (_, i) => 16_000 * Math.sin((2 * Math.PI * i) / 48));

async function speak(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 10) {
    media.speaker.write(tone);
    await clock.advance(10);
  }
}

async function listen(ms: number, meanwhile: (ms: number) => Promise<void>): Promise<number> {
  let [sum, count] = [0, 0];
  await media.microphone.start((samples) => {
    for (const sample of samples) sum += sample * sample;
    count += samples.length;
  });
  await meanwhile(ms);
  await media.microphone.stop();
  return 10 * Math.log10(sum / count / 32768 ** 2);
}

describe('simulated media', () => {
  it('says what is missing when there is no speech', async () => {
    const opening = openSimulatedMedia({ world, clock, logLine: () => {}, speech: '/nowhere' });
    await expect(opening).rejects.toBeInstanceOf(HardwareFault);
  });

  it("follows the world's pose", async () => {
    const middles: number[] = [];
    await media.camera.start({ width: 64, height: 48 }, 30, ({ data, width, height }: VideoFrame) =>
      middles.push(data[(height / 2) * width + width / 2] ?? 0),
    );
    await clock.advance(50);
    world.lookTo(0);
    await clock.advance(50);
    const before = middles.at(-1);
    world.lookTo(-40);
    await clock.advance(50);
    expect(middles.at(-1)).not.toBe(before);
  });

  it('dates pictures on the grid', async () => {
    const dates: number[] = [];
    const startMs = clock.now();
    await media.camera.start({ width: 32, height: 24 }, 30, (frame) =>
      dates.push(frame.capturedAtMs - startMs),
    );
    await clock.advance(1_000);
    expect(dates).toHaveLength(30);
    dates.forEach((date, i) => {
      expect(date).toBeCloseTo(((i + 1) * 1_000) / 30, 6);
    });
  });

  it('has a little of its own speaker in the microphone, in the pause after a sentence', async () => {
    await clock.advance((LESSON[0]?.endMs ?? 0) + 100 - clock.now());
    await media.speaker.start();
    const silent = await listen(500, (ms) => clock.advance(ms));
    const speaking = await listen(500, speak);
    expect(speaking).toBeGreaterThan(-48);
    expect(speaking - silent).toBeGreaterThan(3);
  });

  it('tells the world how loud it speaks, not too often, and when it is quiet again', async () => {
    await media.speaker.start();
    await speak(1_000);
    const levels = world.commands.flatMap((it) => (it.kind === 'speaking' ? [it.level] : []));
    expect(levels.length).toBeGreaterThan(0);
    expect(levels.length).toBeLessThanOrEqual(20);
    expect(levels.at(-1)).toBeCloseTo(16_000 / 32_768 / Math.SQRT2, 1);
    await clock.advance(200);
    expect(world.commands.at(-1)).toEqual({ kind: 'speaking', level: 0 });
  });

  it('sounds nothing while the amplifier is off', async () => {
    world.set({ amplifier: false });
    await media.speaker.start();
    await speak(500);
    expect(world.commands).toEqual([]);
    expect(media.speaker.state).toBe('waiting');
  });

  it('goes on when nobody takes its loudness', async () => {
    world.send = () => Promise.reject(new Error('gone'));
    await media.speaker.start();
    await speak(300);
    expect(media.speaker.state).toBe('running');
  });
});

describe('the grid of chunks', () => {
  it('makes up for a late timer but not for a long pause', () => {
    let nowMs = 1_000.4;
    const late = Object.assign(new SimClock(), { now: () => nowMs });
    const grid = new ChunkGrid(late);
    nowMs += 9.7;
    expect(grid.due(4)).toEqual([1_000]);
    nowMs += 4;
    expect(grid.due(4)).toEqual([]);
    nowMs += 22;
    expect(grid.due(4)).toEqual([1_010, 1_020]);
    nowMs += 500;
    expect(grid.due(4)).toEqual([1_490, 1_500, 1_510, 1_520]);
    expect(grid.due(4)).toEqual([]);
  });
});

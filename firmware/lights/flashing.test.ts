import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mood, Presence } from '../link/schema.ts';
import { awakeRig, HERE, type Rig } from '../testing/rig.ts';
import { luminance } from './flicker.ts';

/** All lamps of the body, each as the class sees it: a level over time. */
class Observer {
  private readonly levels = new Map<string, { atMs: number; level: number }[]>();

  constructor(private readonly robot: Rig) {}

  look(): void {
    const { body, clock } = this.robot;
    const { ring, hand } = body.levels;
    const [red, green, blue] = ring;
    const eye = body.eyeBrightness / 15;
    const seen: Record<string, number> = {
      watchLight: body.cameraRail.on ? 1 : 0,
      ...{ red, green, blue, hand },
      ring: luminance(ring),
    };
    for (let dot = 0; dot < 64; dot++)
      seen[`dot ${dot}`] = (body.leftEye[dot >> 3] ?? 0) & (1 << (dot & 7)) ? eye : 0;
    for (const [name, level] of Object.entries(seen)) {
      const story = this.levels.get(name) ?? [];
      if (story.at(-1)?.level !== level) story.push({ atMs: clock.now(), level });
      this.levels.set(name, story);
    }
  }

  /** Most flashes of each lamp in any second: a rise and the fall after it (WCAG 2.2, 2.3.1). */
  get worst(): Map<string, number> {
    return new Map([...this.levels].map(([name, story]) => [name, mostFlashes(story)]));
  }
}

function mostFlashes(story: readonly { atMs: number; level: number }[]): number {
  const falls: number[] = [];
  let rising = false;
  for (const [i, { atMs, level }] of story.entries()) {
    const before = story[i - 1]?.level ?? 0;
    if (level < before && rising) falls.push(atMs);
    rising = level > before;
  }
  const inSecond = (end: number): number =>
    falls.filter((atMs) => atMs > end - 1_000 && atMs <= end).length;
  return Math.max(0, ...falls.map(inSecond));
}

const desired = fc.record({
  presence: fc.constantFrom(...Presence.options),
  mood: fc.constantFrom(...Mood.options),
  hand: fc.boolean(),
  camera: fc.boolean(),
  microphone: fc.boolean(),
  amplifier: fc.boolean(),
  quiet: fc.boolean(),
  identify: fc.boolean(),
  support: fc.boolean(),
});

describe('no lamp flashes more than three times a second, whatever an agent requests', () => {
  it('the watch light, when the camera request toggles every 40 ms', async () => {
    const robot = await awakeRig();
    const observer = new Observer(robot);
    let offMs = 0;
    for (let i = 0; i < 250; i++) {
      const camera = i % 2 === 1;
      robot.setDesired({ camera });
      for (let ms = 0; ms < 40; ms += 10) {
        await robot.clock.advance(10);
        observer.look();
        if (!camera && robot.body.cameraRail.on) offMs = Math.max(offMs, ms + 10);
      }
    }
    expect(observer.worst.get('watchLight')).toBeGreaterThan(0);
    expect(observer.worst.get('watchLight')).toBeLessThan(3);
    // Off is immediate.
    expect(offMs).toBeLessThanOrEqual(20);
    robot.setDesired({ camera: true });
    await robot.clock.advance(1_100);
    expect(robot.body.cameraRail.on).toBe(true);
  });

  it('any, when everything is requested in turn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(desired, fc.integer({ min: 1, max: 30 })), {
          minLength: 20,
          maxLength: 80,
        }),
        async (story) => {
          const robot = await awakeRig();
          const observer = new Observer(robot);
          for (const [want, ticks] of story) {
            robot.setDesired(want);
            for (let i = 0; i < ticks; i++) {
              await robot.clock.advance(10);
              observer.look();
            }
          }
          for (const [lamp, flashes] of observer.worst)
            expect(flashes, lamp).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    ['presence', (i: number) => ({ presence: i % 2 === 0 ? 'here' : 'asleep' }) as const],
    ['colours', (i: number) => ({ presence: COLOURS[i % COLOURS.length] ?? 'asleep' })],
    ['mood', (i: number) => ({ mood: i % 2 === 0 ? 'neutral' : 'happy' }) as const],
    ['hand', (i: number) => ({ hand: i % 2 === 0 })],
  ])('any, when %s changes at each of the lights\u2019 beats', async (_, want) => {
    for (const periodMs of [40, 80, 130, 170]) {
      const robot = await awakeRig();
      const observer = new Observer(robot);
      for (let i = 0; i * periodMs < 5_000; i++) {
        robot.setDesired({ ...HERE, ...want(i) });
        for (let ms = 0; ms < periodMs; ms += 10) {
          await robot.clock.advance(10);
          observer.look();
        }
      }
      for (const [lamp, flashes] of observer.worst)
        expect(flashes, `${lamp}, ${periodMs} ms`).toBeLessThanOrEqual(3);
    }
  });
});

const COLOURS = ['listening', 'lost', 'updating', 'asleep', 'pairing', 'here'] as const;

/** The shipped decoder reads codes from rendered, noisy pictures of a tablet. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCodeReader, type ReadCodes } from '../../agent/media/code-reader.ts';
import { splitIntoCodes } from '../../agent/wire/code.ts';
import { Random } from '../time/random.ts';
import { frameBytes, Renderer } from './render.ts';
import { Classroom } from './scene.ts';
import type { Hold } from './tablet.ts';

const HD = { width: 1280, height: 720 };
const WIFI = 'WIFI:T:WPA;S:Norrskolan;P:correct horse battery;;';
/** As a robot at rest looks: down at its desk. */
const REST = { panDeg: 0, tiltDeg: -25, panDegPerS: 0, tiltDegPerS: 0 };
const straight: Hold = { distanceM: 0.3, yawDeg: 0, pitchDeg: 0, rollDeg: 0 };

interface Light {
  /** Contrast and offset of all pixels. */
  readonly gain: number;
  readonly offset: number;
  /** Brightness falls off by so much from left to right. */
  readonly slope: number;
  /** Of a sensor, levels. */
  readonly noise: number;
}
const DAY: Light = { gain: 1, offset: 0, slope: 0, noise: 3 };

const room = new Classroom();
const renderer = new Renderer(HD, room.store);
let read: ReadCodes;
beforeAll(async () => {
  read = await openCodeReader();
});

function picture(text: string, hold: Hold, light: Light, seed: number): Uint8Array {
  const out = new Uint8Array(frameBytes(HD));
  const moment = { sceneMs: 5_000 + seed, wallMs: Date.UTC(2026, 0, 12, 9, 0, 0) };
  const tablet = { text, pose: REST, hold };
  renderer.render(out, room.surfacesAt({ ...moment, tablet }), REST);
  const luma = out.subarray(0, HD.width * HD.height);
  const random = new Random(seed);
  const grain = Float64Array.from({ length: 4_099 }, () => {
    const sum = random.next() + random.next() + random.next();
    return (sum - 1.5) * 2 * light.noise;
  });
  for (let at = 0; at < luma.length; at++) {
    const across = 1 - (light.slope * (at % HD.width)) / HD.width;
    const level = ((luma[at] ?? 0) * light.gain + light.offset) * across;
    luma[at] = Math.max(16, Math.min(235, level + (grain[at % grain.length] ?? 0)));
  }
  return luma.slice();
}

const longest = (() => {
  const split = splitIntoCodes('a signed order with its chain of grants; '.repeat(60));
  if (!split.ok) throw new Error(split.why);
  return split.codes;
})();

describe('a code on a tablet before the robot', () => {
  it.each<[string, Partial<Hold>, Partial<Light>]>([
    ['near', { distanceM: 0.22 }, {}],
    ['at arm’s length', { distanceM: 0.6 }, {}],
    ['turned to the side', { yawDeg: 35 }, {}],
    ['leaning back', { pitchDeg: -35 }, {}],
    ['upside down', { rollDeg: 180 }, {}],
    ['askew', { yawDeg: 20, pitchDeg: 15, rollDeg: 40, distanceM: 0.45 }, {}],
    ['in a dark room', {}, { gain: 0.35, noise: 6 }],
    ['in glaring light', {}, { gain: 0.6, offset: 90, noise: 4 }],
    ['half in the shade', { rollDeg: 10 }, { slope: 0.6, noise: 5 }],
    ['to a noisy sensor', {}, { noise: 14 }],
  ])('is read %s', async (_how, hold, light) => {
    const luma = picture(WIFI, { ...straight, ...hold }, { ...DAY, ...light }, 1);
    expect(await read({ ...HD, luma })).toEqual([WIFI]);
  });

  it.each<[string, Partial<Hold>, Partial<Light>]>([
    ['by a tired hand', { yawDeg: 20, pitchDeg: -15, rollDeg: 15 }, { noise: 6 }],
    ['at half an arm’s length in the evening', { distanceM: 0.42 }, { gain: 0.5, noise: 5 }],
  ])('is read when it is a dense one, held %s', async (_how, hold, light) => {
    const [text = ''] = longest;
    const luma = picture(text, { ...straight, ...hold }, { ...DAY, ...light }, 2);
    expect(await read({ ...HD, luma })).toEqual([text]);
  });

  it('is read code by code, as each is shown', async () => {
    for (const [seed, text] of longest.slice(3, 6).entries())
      expect(await read({ ...HD, luma: picture(text, straight, DAY, seed) })).toEqual([text]);
  });

  it('is nothing without a tablet, or on one that is far away', async () => {
    const out = new Uint8Array(frameBytes(HD));
    renderer.render(out, room.surfacesAt({ sceneMs: 5_000, wallMs: 0 }), REST);
    const luma = out.slice(0, HD.width * HD.height);
    expect(await read({ ...HD, luma })).toEqual([]);
    const far = picture(longest[0] ?? '', { ...straight, distanceM: 4 }, DAY, 1);
    expect(await read({ ...HD, luma: far })).toEqual([]);
  });
});

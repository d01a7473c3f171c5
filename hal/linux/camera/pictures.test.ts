/** What real pipelines make of the pictures that a camera gives. */
import { describe, expect, it } from 'vitest';
import type { VideoSize } from '../../ports/media.ts';
import { PICTURES, whyNoGstreamer } from '../gst/testing/has-gstreamer.ts';
import { pipelineWords } from './pipeline-words.ts';
import { openRealCamera, type SeenFrame } from './testing/real-camera.ts';
import { type TestSourceOptions, testSource } from './testing/test-source.ts';

const missing = whyNoGstreamer(PICTURES);
const small = { width: 320, height: 240 };

async function see(size: VideoSize, options: TestSourceOptions, count = 2, fps = 30) {
  const it = await openRealCamera({ find: async (...asked) => testSource(...asked, options) });
  try {
    await it.start(size, fps);
    return await it.frames(count);
  } finally {
    await it.camera.close();
  }
}

/** Y, U, V at a place given in shares of the picture. */
function colourAt({ width, height, picture }: SeenFrame, x: number, y: number): number[] {
  const [column, row] = [Math.floor((x * width) / 2), Math.floor((y * height) / 2)];
  const u = width * height + row * (width / 2) + column;
  return [2 * row * width + 2 * column, u, u + (width * height) / 4].map((at) => picture[at] ?? -1);
}

const last = (frames: readonly SeenFrame[]): SeenFrame => {
  const frame = frames.at(-1);
  if (!frame) throw new Error('no frame');
  return frame;
};

describe.skipIf(missing)(`pictures ${missing ?? ''}`, () => {
  // BT.601 limited range: Y 16..235, U and V 16..240.
  const colours = [
    { pattern: 'white', yuv: [235, 128, 128] },
    { pattern: 'black', yuv: [16, 128, 128] },
    { pattern: 'red', yuv: [81, 90, 240] },
    { pattern: 'blue', yuv: [41, 240, 110] },
  ];
  const ways: readonly TestSourceOptions[] = [
    { coding: 'raw', format: 'YUY2' },
    { coding: 'raw', format: 'NV12' },
    { coding: 'raw', format: 'RGB' },
    { coding: 'jpeg' },
  ];
  it.each(ways)('are BT.601 in limited range, from $coding $format', async (way) => {
    for (const { pattern, yuv } of colours) {
      const seen = colourAt(last(await see(small, { ...way, pattern })), 0.5, 0.5);
      for (const [i, value] of yuv.entries())
        expect(Math.abs((seen[i] ?? 0) - value), `${pattern}: ${seen}`).toBeLessThanOrEqual(2);
    }
  });

  it.each([
    ['known beforehand', true],
    ['known only to the pipeline', false],
  ])('keep their shape: the middle is cut out, without bars (size %s)', async (_, known) => {
    // Seven bars; at a tenth of the width of the whole the first is seen, of the middle the second.
    const wide = { width: 640, height: 360 };
    const frame = last(await see(small, { size: wide, pattern: 'smpte', known }));
    expect(frame.picture).toHaveLength((320 * 240 * 3) / 2);
    const [white, yellow] = [235, 210];
    expect(colourAt(frame, 0.01, 0.01)[0]).toBe(white);
    for (const y of [0.01, 0.3]) expect(colourAt(frame, 0.1, y)[0]).toBe(yellow);
  });

  it('come in sizes that GStreamer would pad', async () => {
    const frame = last(await see({ width: 322, height: 182 }, { pattern: 'white' }));
    expect(frame.picture).toHaveLength((322 * 182 * 3) / 2);
    for (const x of [0, 0.5, 0.999]) expect(colourAt(frame, x, 0.99)).toEqual([235, 128, 128]);
  });

  it.each([
    ['known', true],
    ['unknown', false],
  ])(
    'of a camera that is faster come at the asked rate, and no later (rate %s)',
    async (_, known) => {
      const frames = await see(small, { fps: 60, known }, 46);
      const [first, end] = [frames[15], last(frames)];
      const perFrame = (end.capturedAtMs - (first?.capturedAtMs ?? 0)) / 30;
      // All of them would be 16.7 ms apart; of an unknown rate a fifth more than asked may pass.
      expect(perFrame).toBeGreaterThan(22);
      expect(perFrame).toBeLessThan(45);
      const ages = frames
        .map((frame) => frame.arrivedMs - frame.capturedAtMs)
        .sort((a, b) => a - b);
      expect(ages[23]).toBeLessThan(25);
    },
  );

  it('do not grow old in the pipe while this process is busy', async () => {
    const it = await openRealCamera({ find: async (...asked) => testSource(...asked) });
    await it.start(small, 30, () => {
      // Every tenth frame keeps the whole process busy for six intervals.
      if (it.seen.length % 10 === 0)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    });
    const frames = await it.frames(60);
    await it.camera.close();
    const ages = frames.map((frame) => frame.arrivedMs - frame.capturedAtMs);
    expect(ages.filter((age) => age > 120).length).toBeLessThanOrEqual(2);
  });
});

describe('the words of a pipeline', () => {
  const words = (options: TestSourceOptions, asked = small) =>
    pipelineWords(testSource(asked, 30, options), asked, 30).join(' ');

  it('do nothing that is not needed', () => {
    const same = words({});
    for (const element of [
      'videocrop',
      'aspectratiocrop',
      'videoscale',
      'videorate',
      'jpegdec',
      'videobalance',
    ])
      expect(same).not.toContain(element);
  });

  it('cut at whole chroma samples', () => {
    expect(words({ size: { width: 1280, height: 720 } })).toContain(
      'videocrop left=160 right=160 top=0 bottom=0 ! videoscale',
    );
    expect(words({ size: small }, { width: 640, height: 360 })).toContain(
      'videocrop left=0 right=0 top=30 bottom=30 ! videoscale',
    );
  });
});

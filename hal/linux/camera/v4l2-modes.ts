import type { VideoSize } from '../../ports/media.ts';

/** One way in which a camera gives pictures, as `v4l2-ctl --list-formats-ext` lists them. */
export interface CameraMode {
  /** Four characters of the kernel's pixel format. */
  readonly fourcc: string;
  readonly smallest: VideoSize;
  /** Same as the smallest: that size alone. */
  readonly largest: VideoSize;
  /** Frames a second, each one or from lowest to highest; empty: the driver does not say. */
  readonly rates: readonly number[];
  /** Any rate between the first and the last. */
  readonly anyRate: boolean;
}

export interface CameraDevice {
  readonly driver: string;
  readonly card: string;
  /** Pictures come out of it, and not only what was put in. */
  readonly captures: boolean;
  readonly modes: readonly CameraMode[];
}

/** videodev2.h: capture (single, multi-planar) against memory-to-memory devices such as codecs. */
const CAPTURE = 0x0000_1001;
const MEMORY_TO_MEMORY = 0x0000_c000;

/** Reads what `v4l2-ctl --info --list-formats-ext` prints (v4l-utils 1.16 to 1.28). */
export function parseDevice(text: string): CameraDevice {
  const caps = /^\s*Device Caps\s*: 0x([0-9a-f]+)/m.exec(text)?.[1];
  const bits = Number.parseInt(caps ?? '0', 16);
  return {
    driver: /^\s*Driver name\s*: (.*)$/m.exec(text)?.[1]?.trim() ?? 'unknown',
    card: /^\s*Card type\s*: (.*)$/m.exec(text)?.[1]?.trim() ?? 'unknown',
    captures: (bits & CAPTURE) !== 0 && (bits & MEMORY_TO_MEMORY) === 0,
    modes: parseModes(text),
  };
}

const FORMAT = /^\s*\[\d+\]: '(.{4})'/;
const SIZE = /^\s*Size: (?:Discrete|Stepwise|Continuous) (\d+)x(\d+)(?: - (\d+)x(\d+))?/;
const ONE_RATE = /^\s*Interval: Discrete .*\(([\d.]+) fps\)/;
const RATES = /^\s*Interval: (?:Stepwise|Continuous) .*\(([\d.]+)-([\d.]+) fps\)/;

type Draft = { -readonly [K in keyof CameraMode]: CameraMode[K] };

function parseModes(text: string): CameraMode[] {
  const modes: Draft[] = [];
  let fourcc = '';
  for (const line of text.split('\n')) {
    fourcc = FORMAT.exec(line)?.[1] ?? fourcc;
    const [, width, height, toWidth = width, toHeight = height] = SIZE.exec(line) ?? [];
    if (height !== undefined)
      modes.push({
        fourcc,
        smallest: { width: Number(width), height: Number(height) },
        largest: { width: Number(toWidth), height: Number(toHeight) },
        rates: [],
        anyRate: false,
      });
    addRate(modes.at(-1), line);
  }
  return modes;
}

function addRate(mode: Draft | undefined, line: string): void {
  const one = ONE_RATE.exec(line)?.[1];
  const [, lowest, highest] = RATES.exec(line) ?? [];
  if (!mode) return;
  if (one !== undefined) mode.rates = [...mode.rates, Number(one)].sort((a, b) => a - b);
  if (highest !== undefined) {
    mode.rates = [Number(lowest), Number(highest)];
    mode.anyRate = true;
  }
}

import { execFile } from 'node:child_process';
import { HardwareFault } from '../../ports/fault.ts';
import type { VideoSize } from '../../ports/media.ts';
import { findProgram } from '../gst/child-programs.ts';
import { isCamera, kindOf } from './camera-kind.ts';

/** A camera that does not answer its driver; usually it takes some milliseconds. */
const LIMIT_MS = 5_000;

/** What the device says of itself and of its modes, also while another program uses it. */
export async function listWithV4l2Ctl(file: string): Promise<string> {
  const program = await findProgram('v4l2-ctl');
  if (program === undefined)
    throw new HardwareFault(
      'noAnswer',
      'v4l2-ctl',
      'this program is not installed; install it: apt install v4l-utils',
    );
  const args = ['--device', file, '--info', '--list-formats-ext'];
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: LIMIT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const why = stderr.trim().split('\n')[0] || 'no word';
        reject(
          error.killed
            ? new HardwareFault(
                'timeout',
                `camera (${file})`,
                'its driver does not answer; unplug it and plug it in again',
              )
            : new HardwareFault(
                'noAnswer',
                `camera (${file})`,
                `cannot be asked for its modes (${why})`,
              ),
        );
      },
    );
  });
}

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
  /** It is a camera: pictures come out of it, and not only what was put in, or what needs a setting up. */
  readonly captures: boolean;
  /** Capabilities of this file (videodev2.h), not of all that its driver can do; 0: not said. */
  readonly caps: number;
  readonly modes: readonly CameraMode[];
  /** There are formats that are not listed as is known here. */
  readonly unreadable: boolean;
}

/** Older ones list formats otherwise. */
export const OLDEST_V4L_UTILS = '1.16';

/** Reads what `v4l2-ctl --info --list-formats-ext` prints (v4l-utils 1.16 to 1.28). */
export function parseDevice(text: string): CameraDevice {
  const caps = /^\s*Device Caps\s*: 0x([0-9a-f]+)/m.exec(text)?.[1];
  const modes = parseModes(text);
  const device = {
    driver: /^\s*Driver name\s*: (.*)$/m.exec(text)?.[1]?.trim() ?? 'unknown',
    card: /^\s*Card type\s*: (.*)$/m.exec(text)?.[1]?.trim() ?? 'unknown',
    caps: Number.parseInt(caps ?? '0', 16),
    modes: modes.filter(({ fourcc }) => fourcc !== ''),
    unreadable: modes.some(({ fourcc }) => fourcc === '') || OLD_FORMAT.test(text),
  };
  return { ...device, captures: isCamera(kindOf(device)) };
}

/** v4l-utils before 1.16: a line for the number of a format, one for its four characters. */
const OLD_FORMAT = /^\s*Index\s*: \d+\s*\n\s*Type\s*: .*\n\s*Pixel Format\s*: '/m;
/** Big-endian ones have a word more. */
const FORMAT = /^\s*\[\d+\]: '(.{4})(?:-BE)?'/;
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

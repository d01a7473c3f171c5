/** What a camera can do, as `v4l2-ctl --list-formats-ext` prints it. */
export interface Mode {
  /** FourCC: MJPG, YUYV, H264. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Formats that the driver can turn into frames. */
const USABLE = new Set([
  'MJPG',
  'JPEG',
  'YUYV',
  'UYVY',
  'NV12',
  'YU12',
  'YV12',
  'I420',
  'RGB3',
  'BGR3',
]);

/**
 *   [0]: 'MJPG' (Motion-JPEG, compressed)
 *     Size: Discrete 1280x720
 *       Interval: Discrete 0.033s (30.000 fps)
 */
export function readModes(text: string): Mode[] {
  const modes: Mode[] = [];
  let format = '';
  let size: { width: number; height: number } | undefined;
  for (const line of text.split('\n')) {
    const fourcc = /^\s*\[\d+\]: '(.{4})'/.exec(line)?.[1];
    if (fourcc) {
      format = fourcc.trim();
      size = undefined;
    }
    const [, width, height] = /Size: Discrete (\d+)x(\d+)/.exec(line) ?? [];
    if (width && height) size = { width: Number(width), height: Number(height) };
    const fps = /\(([\d.]+) fps\)/.exec(line)?.[1];
    if (fps && size) modes.push({ format, ...size, fps: Number(fps) });
  }
  return modes.filter((mode) => USABLE.has(mode.format));
}

/** The smallest mode that is 720p30 or more, else the one nearest to it. */
export function bestMode(modes: readonly Mode[]): Mode | undefined {
  const pixels = ({ width, height }: Mode): number => width * height;
  const good = modes.filter(wide).sort((a, b) => pixels(a) - pixels(b));
  if (good[0]) return good[0];
  return [...modes].sort(
    (a, b) => pixels(b) * Math.min(b.fps, 30) - pixels(a) * Math.min(a.fps, 30),
  )[0];
}

/** 720p at 30/s fits: what the pupil's picture is at its best. */
export function wide({ width, height, fps }: Mode): boolean {
  return width >= 1280 && height >= 720 && fps >= 29.9;
}

export const modeText = ({ format, width, height, fps }: Mode): string =>
  `${width}x${height}, ${Math.round(fps)}/s, ${format}`;

import type { VideoSize } from '../../ports/media.ts';
import type { CameraMode } from './v4l2-modes.ts';

/** What is asked of the camera. */
export interface ChosenMode {
  readonly fourcc: string;
  /** `jpeg`, or GStreamer's name of a raw format. */
  readonly format: string;
  readonly size: VideoSize;
  /** Undefined: the driver does not say. */
  readonly fps: number | undefined;
  /** Any rate may be asked for; otherwise only those of the list exist. */
  readonly anyRate: boolean;
}

/** GStreamer's names, and what a pixel costs us beside one that is I420 already. */
const FORMATS: Record<string, { format: string; cost: number }> = {
  YU12: { format: 'I420', cost: 1 },
  YM12: { format: 'I420', cost: 1 },
  YV12: { format: 'YV12', cost: 1.1 },
  NV12: { format: 'NV12', cost: 1.1 },
  NM12: { format: 'NV12', cost: 1.1 },
  NV21: { format: 'NV21', cost: 1.1 },
  YUYV: { format: 'YUY2', cost: 1.2 },
  UYVY: { format: 'UYVY', cost: 1.2 },
  YVYU: { format: 'YVYU', cost: 1.2 },
  '422P': { format: 'Y42B', cost: 1.2 },
  MJPG: { format: 'jpeg', cost: 3 },
  JPEG: { format: 'jpeg', cost: 3 },
  RGB3: { format: 'RGB', cost: 4 },
  BGR3: { format: 'BGR', cost: 4 },
};

/**
 * The best of a camera's modes for what is asked: movement first, then sharpness, then the whole
 * width (the lens' angle is of the whole picture), then the least work. Undefined: none is of use.
 */
export function chooseMode(
  modes: readonly CameraMode[],
  size: VideoSize,
  fps: number,
): ChosenMode | undefined {
  let best: { mode: ChosenMode; rank: readonly number[] } | undefined;
  for (const mode of modes) {
    const known = FORMATS[mode.fourcc.trim()];
    if (!known) continue;
    const chosen: ChosenMode = {
      fourcc: mode.fourcc,
      format: known.format,
      size: nearestSize(mode, size),
      fps: nearestRate(mode, fps),
      anyRate: mode.anyRate,
    };
    const rank = rankOf(chosen, known.cost, size, fps);
    if (!best || before(rank, best.rank)) best = { mode: chosen, rank };
  }
  return best?.mode;
}

/** Less is better, the first that differs decides. */
function rankOf(mode: ChosenMode, cost: number, size: VideoSize, fps: number): readonly number[] {
  const rate = Math.min(1, (mode.fps ?? fps) / fps);
  const sharp = Math.min(1, mode.size.width / size.width, mode.size.height / size.height);
  const kept = Math.min(1, (mode.size.height * size.width) / (mode.size.width * size.height));
  const pixels = mode.size.width * mode.size.height * Math.max(1, (mode.fps ?? fps) / fps);
  return [coarse(2 * (1 - rate) + (1 - sharp)), coarse(1 - kept), pixels * cost];
}

/** 29.97 is as good as 30. */
const coarse = (value: number): number => Math.round(value * 50);

function before(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

function nearestSize({ smallest, largest }: CameraMode, asked: VideoSize): VideoSize {
  const clamp = (px: number, least: number, most: number) => Math.min(most, Math.max(least, px));
  return {
    width: clamp(asked.width, smallest.width, largest.width),
    height: clamp(asked.height, smallest.height, largest.height),
  };
}

/** The slowest that is fast enough, or the fastest. */
function nearestRate({ rates, anyRate }: CameraMode, asked: number): number | undefined {
  const [lowest, highest] = [rates[0], rates.at(-1)];
  if (lowest === undefined || highest === undefined) return undefined;
  if (anyRate) return Math.min(highest, Math.max(lowest, asked));
  return rates.find((rate) => rate >= asked * 0.98) ?? highest;
}

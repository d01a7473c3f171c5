import type { Board } from '../boards/board.ts';
import type { BodyHardware } from './body.ts';
import type { Clock } from './clock.ts';
import type { MediaHardware } from './media.ts';

/**
 * The exports of a driver module, so that one shipped binary runs on a robot, on a laptop and in the
 * simulator: the board file names the module to load.
 */
export interface DriverModule {
  openBody(context: DriverContext): Promise<BodyHardware>;
  openMedia(context: DriverContext): Promise<MediaHardware>;
}

export interface DriverContext {
  readonly clock: Clock;
  readonly board: Board;
  /** Logs one line for people. */
  readonly logLine: (line: string) => void;
}

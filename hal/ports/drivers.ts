import type { Board } from '../boards/board.ts';
import type { BodyHardware } from './body.ts';
import type { Clock } from './clock.ts';
import type { MediaHardware } from './media.ts';

/**
 * What a module of drivers exports, so that one shipped binary runs on a robot, on a bare laptop
 * and in the simulator: the board's file says which module is loaded.
 */
export interface DriverModule {
  openBody(context: DriverContext): Promise<BodyHardware>;
  openMedia(context: DriverContext): Promise<MediaHardware>;
}

export interface DriverContext {
  readonly clock: Clock;
  readonly board: Board;
  /** Says something to the log, in one line for people. */
  readonly logLine: (line: string) => void;
}

/**
 * The computer's output lines and its watchdog. A watchdog that is not kicked in time resets the
 * board: every line falls to off.
 */
import type { SwitchName } from './schema.ts';

/** Milliseconds without a kick after which the board resets. */
export const WATCHDOG_MS = 3_000;

export class Lines {
  private readonly levels: Record<SwitchName, boolean> = {
    cameraRail: false,
    microphoneRail: false,
    amplifier: false,
  };
  private kickedMs: number | undefined;
  private bitten = false;

  set(name: SwitchName, on: boolean): void {
    this.levels[name] = on;
  }

  get(name: SwitchName): boolean {
    return this.levels[name];
  }

  allOff(): void {
    this.levels.cameraRail = false;
    this.levels.microphoneRail = false;
    this.levels.amplifier = false;
  }

  /** A kick arms it, `armed` false is the orderly end; both tell that the board runs (again). */
  kick(armed: boolean, nowMs: number): void {
    this.kickedMs = armed ? nowMs : undefined;
    this.bitten = false;
  }

  /** True from the reset until somebody kicks again. */
  get watchdogBit(): boolean {
    return this.bitten;
  }

  /** True when the watchdog runs out at this moment; the lines are off then. */
  checkWatchdog(nowMs: number): boolean {
    if (this.kickedMs === undefined || nowMs - this.kickedMs < WATCHDOG_MS) return false;
    this.kickedMs = undefined;
    this.bitten = true;
    this.allOff();
    return true;
  }
}

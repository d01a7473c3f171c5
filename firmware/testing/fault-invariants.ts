import type { Board } from '../../hal/boards/board.ts';
import type { Calibration } from '../../hal/boards/calibration.ts';

interface World {
  now(): number;
  readonly build: Calibration;
  readonly board: Board;
  /** On the servos' wires; undefined: no pulses, no torque. */
  pulses(): { readonly pan: number | undefined; readonly tilt: number | undefined };
  /** True angles. */
  head(): { readonly pan: number; readonly tilt: number };
  cameraOn(): boolean;
}

/** Actions of agent and teacher so far, as firmware may know them. */
export interface Permitted {
  /** The last `desired` requested the camera, with a presence that permits it. */
  camera: boolean;
  wantedMs: number;
  paused: boolean;
  pausedMs: number;
  /** Since when firmware reports motion `off`. */
  offMs: number | undefined;
}

export interface Worst {
  /** Longest time that a pulse outside of the calibration's limits stood on an enabled output. */
  outsideMs: number;
  /** Farthest beyond the soft limits that the head truly was, degrees. */
  beyondDeg: number;
  /** Largest step command: from the head's true angle to the pulse, degrees. */
  jumpDeg: number;
  /** Largest true motion of the head in 100 ms. */
  tenthDeg: number;
  /** Largest motion after the agent had been silent for longer than AUTHORITY_MS. */
  silentDeg: number;
}

export interface Invariants {
  readonly permitted: Permitted;
  readonly worst: Worst;
  /** The first violated invariant, and when; undefined: none. */
  readonly broken: string | undefined;
  /** After each write and each tick. */
  check(): void;
}

/** A chip's step at 50 Hz, and rounding. */
const STEP_US = 6;
/** Within this a pulse with a bit error is corrected, or the outputs are disabled. */
const OUTSIDE_MS = 10;
/** A servo of 330 deg/s turns this far meanwhile. */
const BEYOND_DEG = 5;
/** AUTHORITY_MS, a tick, and a switch. */
const CUT_MS = 530;
const PAUSE_MS = 60;
const TORQUE_OFF_MS = 150;
const TOLD_MS = 50;
const WINDOW_MS = 100;
/** 180 deg/s, and a servo that catches up. */
const TENTH_DEG = 30;
/** Remaining motion of a stop delayed by a lost write, and backlash. */
const SILENT_DEG = 4;
const LOWER_MS = 2_000;
const STOPPED_MS = 560;

export function invariants(world: World): Invariants {
  const permitted: Permitted = {
    camera: false,
    wantedMs: Number.NEGATIVE_INFINITY,
    paused: false,
    pausedMs: Number.NEGATIVE_INFINITY,
    offMs: undefined,
  };
  const worst: Worst = { outsideMs: 0, beyondDeg: 0, jumpDeg: 0, tenthDeg: 0, silentDeg: 0 };
  const outsideSince = { pan: undefined, tilt: undefined } as Record<
    'pan' | 'tilt',
    number | undefined
  >;
  let poweredMs: number | undefined;
  let broken: string | undefined;
  const fail = (what: string): void => {
    broken ??= `${what} at ${world.now().toFixed(1)} ms`;
  };

  const checkAxis = (axis: 'pan' | 'tilt', us: number | undefined, deg: number): void => {
    const { minUs, maxUs, zeroUs, usPerDeg } = world.build[axis];
    const outside = us !== undefined && (us < minUs - STEP_US || us > maxUs + STEP_US);
    const since = outside ? (outsideSince[axis] ?? world.now()) : undefined;
    const stoodMs = world.now() - (outsideSince[axis] ?? world.now());
    outsideSince[axis] = since;
    worst.outsideMs = Math.max(worst.outsideMs, stoodMs);
    if (stoodMs > OUTSIDE_MS) fail(`${axis} pulse outside of its limits for ${stoodMs} ms`);
    const { minDeg, maxDeg } = world.board[axis];
    const beyond = Math.max(minDeg - deg, deg - maxDeg, 0);
    worst.beyondDeg = Math.max(worst.beyondDeg, beyond);
    if (beyond > BEYOND_DEG) fail(`${axis} at ${deg.toFixed(1)} degrees`);
    if (us !== undefined)
      worst.jumpDeg = Math.max(worst.jumpDeg, Math.abs((us - zeroUs) / usPerDeg - deg));
  };

  const past: { atMs: number; pan: number; tilt: number }[] = [];
  let stopped: { pan: number; tilt: number } | undefined;
  const checkWay = (nowMs: number, head: { pan: number; tilt: number }): void => {
    while (past[0] && nowMs - past[0].atMs > WINDOW_MS) past.shift();
    for (const was of past) worst.tenthDeg = Math.max(worst.tenthDeg, apart(was, head));
    if (past.length === 0 || nowMs - (past.at(-1)?.atMs ?? 0) >= 5)
      past.push({ atMs: nowMs, ...head });
    if (worst.tenthDeg > TENTH_DEG) fail('the head turned too fast');
    // A press lowers the head, even if the agent is silent.
    const lowered = nowMs - permitted.pausedMs < LOWER_MS;
    const silent = nowMs - permitted.wantedMs > STOPPED_MS && !lowered;
    stopped = silent ? (stopped ?? head) : undefined;
    if (stopped) worst.silentDeg = Math.max(worst.silentDeg, apart(stopped, head));
    if (worst.silentDeg > SILENT_DEG) fail('the head moves without an agent');
  };

  return {
    permitted,
    worst,
    get broken() {
      return broken;
    },
    check: () => {
      const nowMs = world.now();
      const { pan, tilt } = world.pulses();
      const head = world.head();
      checkAxis('pan', pan, head.pan);
      checkAxis('tilt', tilt, head.tilt);
      checkWay(nowMs, head);
      const torqueOff = pan === undefined && tilt === undefined;
      poweredMs = torqueOff ? undefined : (poweredMs ?? nowMs);
      const off = permitted.offMs !== undefined && nowMs - permitted.offMs > TORQUE_OFF_MS;
      // `body` reports `off` a little longer than it lasts.
      if (off && poweredMs !== undefined && nowMs - poweredMs > TOLD_MS)
        fail('servos have power though motion is off');
      if (!world.cameraOn()) return;
      if (permitted.paused && nowMs - permitted.pausedMs > PAUSE_MS)
        fail('camera has power in the pause');
      if (!permitted.camera && nowMs - permitted.wantedMs > PAUSE_MS)
        fail('camera has power though nobody wants it');
      if (nowMs - permitted.wantedMs > CUT_MS) fail('camera has power without an agent');
    },
  };
}

function apart(a: { pan: number; tilt: number }, b: { pan: number; tilt: number }): number {
  return Math.max(Math.abs(a.pan - b.pan), Math.abs(a.tilt - b.tilt));
}

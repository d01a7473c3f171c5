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

/** What an agent and a teacher have done so far, as firmware may know it. */
export interface Permitted {
  /** The last `desired` asked for the camera, with a presence that may have it. */
  camera: boolean;
  wantedMs: number;
  paused: boolean;
  pausedMs: number;
  /** Firmware says that motion is off, since. */
  offMs: number | undefined;
}

export interface Worst {
  /** Longest time that a pulse outside of the calibration's limits stood on an enabled output. */
  outsideMs: number;
  /** Farthest beyond the soft limits that the head truly was, degrees. */
  beyondDeg: number;
  /** Farthest that servos were told to go at once: from the true head to the pulse, degrees. */
  jumpDeg: number;
  /** Farthest that the head truly went in a tenth of a second. */
  tenthDeg: number;
  /** Farthest that it went while the agent had been silent for longer than its authority lasts. */
  silentDeg: number;
}

export interface Invariants {
  readonly permitted: Permitted;
  readonly worst: Worst;
  /** The first thing that must not be, and when; undefined: all held. */
  readonly broken: string | undefined;
  /** After each write and each tick. */
  check(): void;
}

/** A chip's step at 50 Hz, and rounding. */
const STEP_US = 6;
/** A pulse with a wrong bit in it is seen and corrected, or the outputs are disabled, within this. */
const OUTSIDE_MS = 10;
/** So far a servo of 330 deg/s turns meanwhile. */
const BEYOND_DEG = 5;
/** AUTHORITY_MS, a tick, and a switch. */
const CUT_MS = 530;
const PAUSE_MS = 60;
const TORQUE_OFF_MS = 150;
const TOLD_MS = 50;
const WINDOW_MS = 100;
/** 180 deg/s, and a servo that catches up. */
const TENTH_DEG = 30;
/** What a stop that was late by a lost write may still take, and play. */
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
    // A press lowers the head, whoever is silent.
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
      // `body` tells of a head that may move again a little after it does.
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

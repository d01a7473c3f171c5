import type { Board } from '../hal/boards/board.ts';
import type { Supervisor } from '../hal/ports/supervisor.ts';
import { Cadence } from './core/cadence.ts';
import type { Lamps } from './lights/lamps.ts';
import type { Meaning } from './lights/meaning.ts';
import { ASLEEP_BODY_PERIOD_MS, BODY_PERIOD_MS, type Body, type FaultCode } from './link/schema.ts';
import type { AxisGuard } from './motion/axis-guard.ts';
import type { HeadControl } from './motion/head-control.ts';
import type { PowerWatch } from './power/power-watch.ts';
import type { Rails } from './power/rails.ts';
import type { ButtonWatch } from './safety/button-watch.ts';
import type { LoopWatch } from './safety/loop-watch.ts';
import type { PauseMemory } from './safety/pause-memory.ts';
import type { Permission } from './safety/permission.ts';

/** The sources of what is reported to the agent, by the lights, and to the supervisor. */
export interface Subsystems {
  readonly permission: Permission;
  readonly control: HeadControl;
  readonly power: PowerWatch;
  readonly rails: Rails;
  readonly lamps: Lamps;
  readonly teacherButton: ButtonWatch;
  readonly pauseMemory: PauseMemory;
  readonly watch: LoopWatch;
}

/** The body's state; `seq` is added when it is sent. */
type BodyNow = Omit<Body, 'seq' | 'faults'> & { readonly faults: FaultCode[] };

export function bodyNow(systems: Subsystems, board: Board, nowMs: number): BodyNow {
  const { control, permission, rails, power } = systems;
  return {
    kind: 'body',
    atMs: nowMs,
    motion: control.motion,
    pan: axisReport(control.monitor.pan, board.pan, nowMs),
    tilt: axisReport(control.monitor.tilt, board.tilt, nowMs),
    paused: permission.paused,
    pairing: permission.pairing,
    cameraOn: rails.camera.on,
    microphoneOn: rails.microphone.on,
    ...power.report(),
    faults: faultsOf(systems),
  };
}

function axisReport(guard: AxisGuard, limits: Board['pan'], nowMs: number): Body['pan'] {
  return {
    deg: thousandths(guard.deg(nowMs)),
    degPerS: thousandths(guard.degPerS(nowMs)),
    targetDeg: thousandths(guard.axis.targetDeg),
    minDeg: limits.minDeg,
    maxDeg: limits.maxDeg,
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** Chips on the I2C bus: while it is stuck their state is unknown. */
const ON_THE_BUS: ReadonlySet<FaultCode> = new Set([
  'servoDriver',
  'panEncoder',
  'tiltEncoder',
  'lightDriver',
  'eyes',
]);

function faultsOf(systems: Subsystems): FaultCode[] {
  const { control, power, lamps, rails, teacherButton, pauseMemory, watch } = systems;
  const codes = new Set<FaultCode>();
  for (const system of [control.monitor, power, lamps, rails, teacherButton, pauseMemory, watch])
    system.faults((code) => codes.add(code));
  // One fault for a stuck bus, not one for each chip that cannot be reached through it.
  return [...codes].filter((code) => !(codes.has('i2cBus') && ON_THE_BUS.has(code)));
}

/** What the lights show. */
export function meaningOf(
  { permission, power }: Subsystems,
  faults: readonly FaultCode[],
): Meaning {
  const alarm = faults.some((code) => code !== 'loopLate');
  const { batteryLevel, charging, heatLevel } = power;
  return {
    presence: permission.presence,
    mood: permission.mood,
    hand: permission.hand,
    paused: permission.paused,
    identify: permission.identify,
    support: permission.support,
    fault: alarm || heatLevel === 'critical',
    batteryCritical: !charging && (batteryLevel === 'critical' || batteryLevel === 'empty'),
  };
}

/** When to send `body` to the agent: often while awake; asleep seldom, and at once on a change. */
export class BodySchedule {
  private readonly awake = new Cadence(BODY_PERIOD_MS);
  private readonly asleep = new Cadence(ASLEEP_BODY_PERIOD_MS);
  private last = '';

  due(body: BodyNow, asleep: boolean, nowMs: number): boolean {
    if (!this.awake.due(nowMs)) return false;
    if (!asleep) return true;
    const now = changeKey(body);
    const changed = now !== this.last;
    this.last = now;
    // The cadence is always advanced, so that a message sent on a change counts as the periodic
    // one.
    return this.asleep.due(nowMs) || changed;
  }
}

/** All but angles, temperatures and time, which change constantly. */
function changeKey(body: BodyNow): string {
  const { motion, paused, pairing, cameraOn, microphoneOn, battery, heat, faults } = body;
  const power = `${battery.level} ${battery.charging} ${heat.level}`;
  return `${motion} ${paused} ${pairing} ${cameraOn} ${microphoneOn} ${power} ${faults}`;
}

/** Period of status updates to the supervisor. */
const STATUS_MS = 1_000;

/** Reports readiness and status to the supervisor. */
export class Status {
  private readonly cadence = new Cadence(STATUS_MS);
  private lastLine = '';
  private ready = false;

  constructor(private readonly supervisor: Supervisor) {}

  /** After each completed tick. */
  tell(body: BodyNow, presence: string, nowMs: number): void {
    if (!this.ready) this.supervisor.ready();
    this.ready = true;
    if (!this.cadence.due(nowMs)) return;
    const line = statusLine(body, presence);
    if (line !== this.lastLine) this.supervisor.status(line);
    this.lastLine = line;
  }
}

/** One line for people: what `systemctl status` shows. */
function statusLine(body: BodyNow, presence: string): string {
  const { motion, paused, cameraOn, faults } = body;
  const parts = [
    paused ? 'paused by the teacher' : presence,
    `head ${motion}`,
    cameraOn ? 'camera on' : 'camera off',
    ...(faults.length > 0 ? [`faults: ${faults.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

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

/** What knows something of the body that is told: to the agent, by the lights, to the supervisor. */
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

/** The body as it is; its number comes when it is sent. */
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

/** Chips on the I2C bus: while it is stuck nobody can say anything of them. */
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

/** What the lights have to say of the body. */
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
    fault: alarm || heatLevel === 'critical',
    batteryCritical: !charging && (batteryLevel === 'critical' || batteryLevel === 'empty'),
  };
}

/** Says when the agent is told of the body: often while somebody is there, at once at a change. */
export class BodySchedule {
  private readonly awake = new Cadence(BODY_PERIOD_MS);
  private readonly asleep = new Cadence(ASLEEP_BODY_PERIOD_MS);
  private last = '';

  due(body: BodyNow, asleep: boolean, nowMs: number): boolean {
    if (!this.awake.due(nowMs)) return false;
    if (!asleep) return true;
    const now = whatMatters(body);
    const changed = now !== this.last;
    this.last = now;
    // Both are asked: a beat that a change makes is one that the next need not make.
    return this.asleep.due(nowMs) || changed;
  }
}

/** All but angles, temperatures and time, which never rest. */
function whatMatters(body: BodyNow): string {
  const { motion, paused, cameraOn, microphoneOn, battery, heat, faults } = body;
  const power = `${battery.level} ${battery.charging} ${heat.level}`;
  return `${motion} ${paused} ${cameraOn} ${microphoneOn} ${power} ${faults}`;
}

/** How often whoever started the process is told what it does. */
const STATUS_MS = 1_000;

/** Tells whoever started the process that it does its work, and what it is doing. */
export class Status {
  private readonly beats = new Cadence(STATUS_MS);
  private told = '';
  private begun = false;

  constructor(private readonly supervisor: Supervisor) {}

  /** After each whole tick. */
  tell(body: BodyNow, presence: string, nowMs: number): void {
    if (!this.begun) this.supervisor.ready();
    this.begun = true;
    if (!this.beats.due(nowMs)) return;
    const line = statusLine(body, presence);
    if (line !== this.told) this.supervisor.status(line);
    this.told = line;
  }
}

/** One line for people: what `systemctl status` shows. */
function statusLine(body: BodyNow, presence: string): string {
  const { motion, paused, cameraOn, faults } = body;
  const said = [
    paused ? 'paused by the teacher' : presence,
    `head ${motion}`,
    cameraOn ? 'camera on' : 'camera off',
    ...(faults.length > 0 ? [`faults: ${faults.join(', ')}`] : []),
  ];
  return said.join('; ');
}

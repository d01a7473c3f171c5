import type { Board } from '../hal/boards/board.ts';
import type { Calibration } from '../hal/boards/calibration.ts';
import type { BodyHardware } from '../hal/ports/body.ts';
import { type Clock, delay } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import { Cadence } from './cadence.ts';
import { Lamps } from './lights/lamps.ts';
import type { Meaning } from './lights/meaning.ts';
import { AgentLink } from './link/agent-link.ts';
import type { Pipe } from './link/pipe.ts';
import {
  BODY_PERIOD_MS,
  type Body,
  type FaultCode,
  type Intent,
  type Refusal,
} from './link/schema.ts';
import { ASLEEP_TICK_MS, Loop, TICK_MS } from './loop.ts';
import type { AxisGuard } from './motion/axis-guard.ts';
import { type Block, HeadControl } from './motion/head-control.ts';
import { PowerWatch } from './power/power-watch.ts';
import { Rail } from './power/rail.ts';
import type { Spread } from './safety/histogram.ts';
import { Hold } from './safety/hold.ts';
import type { LoopReport } from './safety/loop-timing.ts';
import { Permission } from './safety/permission.ts';
import { safeOff } from './safety/safe-off.ts';

/** Ring, hand light and eyes: smooth enough, and a quarter of the bus. */
const LIGHTS_MS = 40;
export interface FirmwareParts {
  readonly hardware: BodyHardware;
  readonly board: Board;
  /** Without one the head does not move. */
  readonly calibration: Calibration | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The body's one owner. A loop reads, decides and writes, in that order; the agent's intents only
 * change what the next tick decides from. Nothing throws out of a tick.
 */
export class Firmware {
  private readonly link: AgentLink;
  private readonly permission: Permission;
  private readonly control: HeadControl;
  private readonly lamps: Lamps;
  private readonly power: PowerWatch;
  private readonly cameraRail: Rail;
  private readonly microphoneRail: Rail;
  private readonly amplifier: Rail;
  private readonly loop: Loop;
  private readonly pairHold = new Hold();
  private readonly lightBeats = new Cadence(LIGHTS_MS);
  private readonly bodyBeats = new Cadence(BODY_PERIOD_MS);
  private seq = 0;
  private endings: (() => void)[] = [];

  constructor(private readonly parts: FirmwareParts) {
    const { hardware, board, calibration, clock, log } = parts;
    this.link = new AgentLink(clock, log, (intent) => this.take(intent));
    this.permission = new Permission(log, clock.now());
    this.control = new HeadControl(hardware, board, calibration, clock, log);
    this.lamps = new Lamps(hardware, clock, log);
    this.power = new PowerWatch(hardware, clock, log, (why) => this.shutdown(why));
    this.cameraRail = new Rail(hardware.cameraRail, 'cameraRail', clock, log);
    this.microphoneRail = new Rail(hardware.microphoneRail, 'microphoneRail', clock, log);
    this.amplifier = new Rail(hardware.amplifier, 'amplifier', clock, log);
    this.loop = new Loop(hardware.watchdog, clock, log, (nowMs) => this.tick(nowMs));
  }

  async start(): Promise<void> {
    const { hardware, log, calibration } = this.parts;
    if (!calibration)
      log.warn({}, 'not calibrated: the head will not move; run `deskmate calibrate`');
    this.endings = [
      hardware.teacherButton.onChange(({ pressed, atMs }) => pressed && this.teacherPressed(atMs)),
      hardware.pairButton.onChange(({ pressed, atMs }) => this.pairHold.change(pressed, atMs)),
    ];
    this.loop.pace(TICK_MS);
  }

  /** One agent at a time: a new pipe replaces the old. */
  attach(pipe: Pipe): void {
    this.link.attach(pipe);
  }

  /** Brakes, then everything off. The hardware stays open: it belongs to whoever opened it. */
  async stop(): Promise<void> {
    const { hardware, clock, log } = this.parts;
    for (const end of this.endings.splice(0)) end();
    this.link.close();
    const brakeMs = this.control.head.brakeMs(clock.now());
    this.control.brake(clock.now());
    await delay(clock, brakeMs);
    this.loop.stop();
    await safeOff(hardware, clock, log);
    log.info({ ...this.statistics }, 'loop statistics');
  }

  /** How well the loop keeps its time, for benchmarks and the log. */
  get statistics(): LoopReport & { commandToWrite: Spread } {
    return { ...this.loop.statistics, commandToWrite: this.control.commandToWrite };
  }

  private tick(nowMs: number): void {
    const { permission, control } = this;
    const { brake, pause } = permission.tick(nowMs, control.head.brakeMs(nowMs));
    if (brake) control.brake(nowMs);
    if (pause) this.announce(pause, nowMs);
    if (this.pairHold.reached(nowMs)) this.announce('pair', nowMs);
    this.power.tick(nowMs, control.hottestC);
    this.decidePosture(nowMs);
    control.tick(nowMs, this.forbidden);
    this.switchRails();
    if (this.lightBeats.due(nowMs)) this.lamps.tick(this.meaning, nowMs);
    if (this.bodyBeats.due(nowMs) && this.link.connected) this.link.send(this.body(nowMs));
  }

  private take(intent: Intent): Refusal | undefined {
    const nowMs = this.parts.clock.now();
    if (intent.kind !== 'wanted')
      return this.permission.live ? this.control.take(intent, nowMs) : 'noAuthority';
    const { refusal, resume } = this.permission.want(intent.wanted, nowMs);
    if (resume) this.control.resume(nowMs);
    // At once, so that a look right behind finds the head awake.
    this.decidePosture(nowMs);
    return refusal;
  }

  private decidePosture(nowMs: number): void {
    this.control.setQuiet(this.permission.quiet || this.power.heatLevel !== 'good', nowMs);
    const { posture } = this.permission;
    if (posture) this.control.setPosture(posture, nowMs);
    const asleep = this.permission.presence === 'asleep' && this.control.asleep;
    this.loop.pace(asleep ? ASLEEP_TICK_MS : TICK_MS);
  }

  /** Why the body's own condition does not allow motion. */
  private get forbidden(): Block | undefined {
    if (this.power.batteryLevel === 'empty') return 'batteryLow';
    const { heatLevel } = this.power;
    return heatLevel === 'hot' || heatLevel === 'critical' ? 'hot' : undefined;
  }

  private switchRails(): void {
    const { permission, power } = this;
    const strong = power.heatLevel !== 'critical' && power.batteryLevel !== 'empty';
    this.cameraRail.want(permission.camera && strong);
    this.microphoneRail.want(permission.microphone);
    this.amplifier.want(permission.amplifier);
  }

  private teacherPressed(atMs: number): void {
    const nowMs = this.parts.clock.now();
    const effect = this.permission.press(nowMs);
    if (effect === 'acknowledged') this.announce('handAcknowledged', atMs);
    else if (effect) this.announce(effect, atMs);
    this.switchRails();
  }

  private announce(event: 'paused' | 'resumed' | 'handAcknowledged' | 'pair', atMs: number): void {
    this.parts.log.info({ event }, 'event');
    this.link.send({ kind: 'event', event, atMs });
  }

  private shutdown(why: 'battery' | 'heat'): void {
    this.parts.log.warn({ event: 'shutdown', why }, 'event');
    this.link.send({ kind: 'event', event: 'shutdown', atMs: this.parts.clock.now(), why });
  }

  private get meaning(): Meaning {
    const { permission, power } = this;
    const alarm = this.faults.some((code) => code !== 'loopLate');
    return {
      presence: permission.presence,
      mood: permission.mood,
      hand: permission.hand,
      paused: permission.paused,
      fault: alarm || power.heatLevel === 'critical',
      batteryCritical:
        !power.charging && (power.batteryLevel === 'critical' || power.batteryLevel === 'empty'),
    };
  }

  private get faults(): FaultCode[] {
    const codes: FaultCode[] = [];
    const add = (code: FaultCode): void => {
      codes.push(code);
    };
    this.control.faults(add);
    this.power.faults(add);
    if (this.lamps.lightsFaulty) add('lightDriver');
    if (this.lamps.eyesFaulty) add('eyes');
    if (this.cameraRail.faulty) add('cameraRail');
    if (this.microphoneRail.faulty) add('microphoneRail');
    if (this.amplifier.faulty) add('amplifier');
    if (this.loop.watch.watchdogFaulty) add('watchdog');
    if (this.loop.watch.late) add('loopLate');
    return codes;
  }

  private body(nowMs: number): Body {
    const { board } = this.parts;
    return {
      kind: 'body',
      seq: this.seq++,
      atMs: nowMs,
      motion: this.control.motion,
      pan: axisReport(this.control.pan, board.pan, nowMs),
      tilt: axisReport(this.control.tilt, board.tilt, nowMs),
      paused: this.permission.paused,
      cameraOn: this.cameraRail.on,
      microphoneOn: this.microphoneRail.on,
      ...this.power.report(),
      faults: this.faults,
    };
  }
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

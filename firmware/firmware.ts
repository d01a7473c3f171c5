import type { Board } from '../hal/boards/board.ts';
import type { Calibration } from '../hal/boards/calibration.ts';
import type { BodyHardware } from '../hal/ports/body.ts';
import { type Clock, delay } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Storage } from '../hal/ports/storage.ts';
import { type Supervisor, unsupervised } from '../hal/ports/supervisor.ts';
import { Cadence } from './cadence.ts';
import { Lamps, type ShedLights } from './lights/lamps.ts';
import type { Meaning } from './lights/meaning.ts';
import { AgentLink } from './link/agent-link.ts';
import type { Pipe } from './link/pipe.ts';
import type { FaultCode, Intent, Refusal } from './link/schema.ts';
import { ASLEEP_TICK_MS, Loop, TICK_MS } from './loop.ts';
import { type Block, HeadControl } from './motion/head-control.ts';
import { PowerWatch } from './power/power-watch.ts';
import { Rails } from './power/rails.ts';
import { axisReport, BodyBeats, type BodyNow, foldBus, Status } from './report.ts';
import { ButtonWatch } from './safety/button-watch.ts';
import { HeldUp } from './safety/held-up.ts';
import type { Spread } from './safety/histogram.ts';
import { Hold } from './safety/hold.ts';
import type { LoopReport } from './safety/loop-timing.ts';
import { PauseMemory } from './safety/pause-memory.ts';
import { Permission, type PressOutcome } from './safety/permission.ts';
import { safeOff } from './safety/safe-off.ts';

/** Ring, hand light and eyes: smooth enough, and a quarter of the bus. */
const LIGHTS_MS = 40;

/** A shutdown that could not be asked for is asked for again after this. */
const SHUTDOWN_AGAIN_MS = 5_000;

export interface FirmwareParts {
  readonly hardware: BodyHardware;
  readonly board: Board;
  /** Without one the head does not move. */
  readonly calibration: Calibration | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the teacher's pause outlives a crash; it must not outlive the machine (tmpfs). */
  readonly memory?: Storage | undefined;
  readonly supervisor?: Supervisor;
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
  private readonly rails: Rails;
  private readonly pauseMemory: PauseMemory;
  private readonly teacherButton: ButtonWatch;
  private readonly supervisor: Supervisor;
  private readonly loop: Loop;
  private readonly heldUp = new HeldUp();
  private readonly pairHold = new Hold();
  private readonly lightBeats = new Cadence(LIGHTS_MS);
  private readonly bodyBeats = new BodyBeats();
  private readonly status: Status;
  private seq = 0;
  /** Another firmware process ran since the machine started. */
  private restarted = false;
  private endings: (() => void)[] = [];

  constructor(private readonly parts: FirmwareParts) {
    const { hardware, board, calibration, clock, log } = parts;
    this.link = new AgentLink(clock, log, (intent) => this.take(intent));
    this.permission = new Permission(log, clock.now());
    this.control = new HeadControl(hardware, board, calibration, clock, log);
    this.lamps = new Lamps(hardware, clock, log);
    this.power = new PowerWatch(hardware, board.kernel, clock, log, (why) => this.shutdown(why));
    this.rails = new Rails(hardware, clock, log);
    this.pauseMemory = new PauseMemory(parts.memory, log);
    const { teacherButton } = hardware;
    this.teacherButton = new ButtonWatch(teacherButton, 'teacherButton', clock, log, (...asked) =>
      this.teacherAsked(...asked),
    );
    this.supervisor = parts.supervisor ?? unsupervised;
    this.status = new Status(this.supervisor);
    const { watchdog } = hardware;
    this.loop = new Loop(watchdog, this.supervisor, clock, log, (nowMs) => this.tick(nowMs));
  }

  async start(): Promise<void> {
    const { hardware, clock, log, calibration } = this.parts;
    const { pause, restarted } = await this.pauseMemory.recall(clock.now());
    this.permission.restore(pause);
    this.restarted = restarted;
    // Nobody plugged it in: a restart within a lesson must not flash.
    if (restarted) this.lamps.skipTest(clock.now());
    if (!calibration && hardware.servos.present)
      log.warn({}, 'not calibrated: the head will not move; run `deskmate calibrate`');
    if (hardware.servos.present && this.control.missing.length > 0)
      log.warn(
        { missing: this.control.missing.map(({ code }) => code) },
        'the head will not move: it has servos, and no encoder says where it is; fit both encoders and name them in the board file',
      );
    this.endings = [
      hardware.teacherButton.onChange(({ pressed, atMs }) =>
        this.teacher(pressed ? 'pressed' : 'released', atMs),
      ),
      hardware.pairButton.onChange(({ pressed, atMs }) => this.pairHold.change(pressed, atMs)),
    ];
    this.loop.pace(TICK_MS);
  }

  /** One agent at a time: a new pipe replaces the old. */
  attach(pipe: Pipe): void {
    this.permission.greet();
    this.link.attach(pipe);
  }

  /** Brakes, then everything off. The hardware stays open: it belongs to whoever opened it. */
  async stop(): Promise<void> {
    const { hardware, clock, log } = this.parts;
    this.supervisor.stopping();
    for (const end of this.endings.splice(0)) end();
    this.link.close();
    const brakeMs = this.control.head.brakeMs(clock.now());
    this.control.brake(clock.now());
    await delay(clock, brakeMs);
    this.halt();
    await safeOff(hardware, clock, log);
    log.info({ ...this.statistics }, 'loop statistics');
  }

  /** Ends everything that could write to the body, at once; without a brake, without a word. */
  halt(): void {
    for (const end of this.endings.splice(0)) end();
    this.link.close();
    this.loop.stop();
    this.control.letGo();
  }

  /** How well the loop keeps its time, for benchmarks and the log. */
  get statistics(): LoopReport & { commandToWrite: Spread } {
    return { ...this.loop.statistics, commandToWrite: this.control.commandToWrite };
  }

  private tick(nowMs: number): void {
    this.heldUp.tick(nowMs);
    this.teacherButton.tick(nowMs);
    if (!this.rails.ready(nowMs) || !this.teacherButton.known(nowMs)) return;
    this.act(nowMs);
    const body = this.body(nowMs);
    if (this.lightBeats.due(nowMs))
      this.lamps.tick(this.meaning(body.faults), this.shedLights, nowMs);
    if (this.mayTell(nowMs) && this.bodyBeats.due(body, this.asleep, nowMs))
      this.link.send({ ...body, seq: this.seq++ });
    this.pauseMemory.keep(this.permission.pauseState, nowMs);
    this.status.tell(body, this.permission.presence, nowMs);
  }

  private mayTell(nowMs: number): boolean {
    return this.link.connected && !this.heldUp.catchesUp(nowMs);
  }

  /** Reads, decides, writes. */
  private act(nowMs: number): void {
    const { permission, control } = this;
    const { brake, pause } = permission.tick(nowMs, control.head.brakeMs(nowMs));
    if (brake) control.brake(nowMs);
    if (pause) this.announce(pause, nowMs);
    this.teacher('tick', nowMs);
    const pausable = this.teacherButton.works && this.pauseMemory.works;
    permission.setPausable(pausable && !this.heldUp.catchesUp(nowMs));
    if (this.pairHold.reached(nowMs)) this.announce('pair', nowMs);
    this.power.tick(nowMs, control.hottestC);
    this.decidePosture(nowMs);
    control.tick(nowMs, this.forbidden, permission.mayStart);
    this.switchRails();
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
    this.control.setQuiet(this.permission.quiet || this.power.sheds('quiet') !== undefined, nowMs);
    const { posture } = this.permission;
    if (posture) this.control.setPosture(posture, nowMs);
    this.loop.pace(this.asleep ? ASLEEP_TICK_MS : TICK_MS);
  }

  private get asleep(): boolean {
    return this.permission.presence === 'asleep' && this.control.asleep;
  }

  /** Why the body's own condition does not allow motion. */
  private get forbidden(): Block | undefined {
    const cause = this.power.sheds('motion');
    if (cause === 'heat') return 'hot';
    return cause === 'battery' ? 'batteryLow' : undefined;
  }

  private switchRails(): void {
    const { permission, power } = this;
    this.rails.want({
      camera: permission.camera && !power.sheds('camera'),
      microphone: permission.microphone,
      amplifier: permission.amplifier,
    });
  }

  /** `atMs`: when the finger moved. What follows is counted from when it was heard of. */
  private teacher(type: 'pressed' | 'released' | 'tick', atMs: number): void {
    this.pressed(this.permission.button(type, this.parts.clock.now(), atMs), atMs);
  }

  /**
   * A finger that is found on it at the start is no press, or plugging in a robot would pause it. After
   * a restart it is: the class saw the camera and may have pressed while nobody was there to notice.
   */
  private teacherAsked(down: boolean, first: boolean): void {
    if (first && !this.restarted) return;
    const nowMs = this.parts.clock.now();
    this.pressed(this.permission.buttonAsked(down, first, nowMs), nowMs);
  }

  private pressed(outcome: PressOutcome | undefined, atMs: number): void {
    if (!outcome) return;
    this.announce(outcome === 'acknowledged' ? 'handAcknowledged' : outcome, atMs);
    this.switchRails();
  }

  private announce(event: 'paused' | 'resumed' | 'handAcknowledged' | 'pair', atMs: number): void {
    this.parts.log.info({ event }, 'event');
    this.link.send({ kind: 'event', event, atMs });
  }

  private shutdown(why: 'battery' | 'heat'): void {
    this.parts.log.warn({ event: 'shutdown', why }, 'event');
    this.askForShutdown(why);
    this.link.send({ kind: 'event', event: 'shutdown', atMs: this.parts.clock.now(), why });
  }

  /** Whoever may switch the machine off waits for this file (deskmate-shutdown.path). */
  private askForShutdown(why: 'battery' | 'heat'): void {
    const { log, memory, clock } = this.parts;
    memory?.write('shutdown', why).catch((error) => {
      log.error({ why: String(error) }, 'no shutdown; asking again');
      clock.after(SHUTDOWN_AGAIN_MS, () => this.askForShutdown(why));
    });
  }

  private get shedLights(): ShedLights {
    const { power } = this;
    return { eyes: !!power.sheds('eyes'), lights: !!power.sheds('lights') };
  }

  private meaning(faults: readonly FaultCode[]): Meaning {
    const { permission, power } = this;
    const alarm = faults.some((code) => code !== 'loopLate');
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
    const codes = new Set<FaultCode>();
    const add = (code: FaultCode): void => {
      codes.add(code);
    };
    this.control.faults(add);
    this.power.faults(add);
    this.lamps.faults(add);
    this.rails.faults(add);
    this.teacherButton.faults(add);
    if (!this.pauseMemory.works) add('pauseMemory');
    if (this.loop.watch.watchdogFaulty) add('watchdog');
    if (this.loop.watch.late) add('loopLate');
    return foldBus(codes);
  }

  private body(nowMs: number): BodyNow {
    const { board } = this.parts;
    return {
      kind: 'body',
      atMs: nowMs,
      motion: this.control.motion,
      pan: axisReport(this.control.pan, board.pan, nowMs),
      tilt: axisReport(this.control.tilt, board.tilt, nowMs),
      paused: this.permission.paused,
      cameraOn: this.rails.camera.on,
      microphoneOn: this.rails.microphone.on,
      ...this.power.report(),
      faults: this.faults,
    };
  }
}

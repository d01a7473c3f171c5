import { delay } from '../hal/ports/clock.ts';
import type { Storage } from '../hal/ports/storage.ts';
import { type Supervisor, unsupervised } from '../hal/ports/supervisor.ts';
import { Cadence } from './core/cadence.ts';
import type { Percentiles } from './core/durations.ts';
import { Lamps } from './lights/lamps.ts';
import { AgentLink } from './link/agent-link.ts';
import type { Pipe } from './link/pipe.ts';
import type { BodyEvent, Intent, Refusal } from './link/schema.ts';
import { ASLEEP_TICK_MS, Loop, type LoopReport, TICK_MS } from './loop.ts';
import type { HeadParts } from './motion/axis-sensor.ts';
import { HeadControl } from './motion/head-control.ts';
import type { Block } from './motion/head-monitor.ts';
import { PowerWatch } from './power/power-watch.ts';
import { Rails } from './power/rails.ts';
import { BodySchedule, bodyNow, meaningOf, Status, type Subsystems } from './report.ts';
import { ButtonHold, ButtonWatch } from './safety/button-watch.ts';
import { PauseMemory } from './safety/pause-memory.ts';
import { Permission, type PressOutcome } from './safety/permission.ts';
import { safeOff } from './safety/safe-off.ts';

/** Ring, hand light and eyes: smooth enough, and a quarter of the bus. */
const LIGHTS_MS = 40;

/** A shutdown that could not be asked for is asked for again after this. */
const SHUTDOWN_AGAIN_MS = 5_000;

interface FirmwareParts extends HeadParts {
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
  private readonly loop: Loop;
  private readonly systems: Subsystems;
  private readonly supervisor: Supervisor;
  private readonly status: Status;
  private readonly pairHold = new ButtonHold();
  private readonly lightBeats = new Cadence(LIGHTS_MS);
  private readonly bodySchedule = new BodySchedule();
  private seq = 0;
  /** Another firmware process ran since the machine started. */
  private restarted = false;
  private endings: (() => void)[] = [];

  constructor(private readonly parts: FirmwareParts) {
    const { hardware, board, clock, log } = parts;
    const { teacherButton, watchdog } = hardware;
    this.supervisor = parts.supervisor ?? unsupervised;
    this.status = new Status(this.supervisor);
    this.link = new AgentLink(clock, log, (intent) => this.take(intent));
    this.loop = new Loop(watchdog, this.supervisor, clock, log, (nowMs) => this.tick(nowMs));
    this.systems = {
      permission: new Permission(log, clock.now()),
      control: new HeadControl(parts),
      power: new PowerWatch(hardware, board.kernel, clock, log, (why) => this.shutdown(why)),
      rails: new Rails(hardware, clock, log),
      lamps: new Lamps(hardware, clock, log),
      teacherButton: new ButtonWatch(teacherButton, 'teacherButton', clock, log, (...asked) =>
        this.teacherAsked(...asked),
      ),
      pauseMemory: new PauseMemory(parts.memory, log),
      watch: this.loop.watch,
    };
  }

  async start(): Promise<void> {
    const { hardware, clock } = this.parts;
    const { permission, lamps, pauseMemory } = this.systems;
    const { pause, restarted } = await pauseMemory.recall(clock.now());
    permission.restore(pause);
    this.restarted = restarted;
    // Nobody plugged it in: a restart within a lesson must not flash.
    if (restarted) lamps.skipTest(clock.now());
    this.warnOfStillHead();
    this.endings = [
      hardware.teacherButton.onChange(({ pressed, atMs }) =>
        this.teacher(pressed ? 'pressed' : 'released', atMs),
      ),
      hardware.pairButton.onChange(({ pressed, atMs }) => this.pairHold.change(pressed, atMs)),
    ];
    this.loop.pace(TICK_MS);
  }

  private warnOfStillHead(): void {
    const { hardware, log, calibration } = this.parts;
    if (!hardware.servos.present) return;
    if (!calibration)
      log.warn({}, 'not calibrated: the head will not move; run `deskmate calibrate`');
    const missing = this.systems.control.monitor.missing.map(({ code }) => code);
    if (missing.length > 0)
      log.warn(
        { missing },
        'the head will not move: it has servos, and no encoder says where it is; fit both encoders and name them in the board file',
      );
  }

  /** One agent at a time: a new pipe replaces the old. */
  attach(pipe: Pipe): void {
    this.systems.permission.agentReplaced();
    this.link.attach(pipe);
  }

  /** Brakes, then everything off. The hardware stays open: it belongs to whoever opened it. */
  async stop(): Promise<void> {
    const { hardware, clock, log } = this.parts;
    const { control } = this.systems;
    this.supervisor.stopping();
    for (const end of this.endings.splice(0)) end();
    this.link.close();
    const brakeMs = control.brakeMs(clock.now());
    control.brake(clock.now());
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
    this.systems.control.turnTorqueOff();
  }

  /** How well the loop keeps its time, for benchmarks and the log. */
  get statistics(): LoopReport & { commandToWrite: Percentiles } {
    return { ...this.loop.statistics, commandToWrite: this.systems.control.commandToWrite };
  }

  private tick(nowMs: number): void {
    const { teacherButton, rails } = this.systems;
    teacherButton.tick(nowMs);
    if (!rails.ready(nowMs) || !teacherButton.known(nowMs)) return;
    this.act(nowMs);
    this.tell(nowMs);
  }

  /** Reads, decides, writes. */
  private act(nowMs: number): void {
    const { permission, control, power, teacherButton, pauseMemory, watch } = this.systems;
    const { brake, pause } = permission.tick(nowMs, control.brakeMs(nowMs));
    if (brake) control.brake(nowMs);
    if (pause) this.announce(pause, nowMs);
    this.teacher('tick', nowMs);
    const pausable = teacherButton.works && pauseMemory.works;
    permission.setPausable(pausable && !watch.catchingUp(nowMs));
    if (this.pairHold.reached(nowMs)) this.announce('pair', nowMs);
    power.tick(nowMs, control.monitor.hottestC);
    this.decidePosture(nowMs);
    control.tick(nowMs, this.forbidden, permission.mayStart);
    this.switchRails();
  }

  /** To the class by lights, to the agent, to the next process, to the supervisor. */
  private tell(nowMs: number): void {
    const { permission, power, lamps, pauseMemory, watch } = this.systems;
    const body = bodyNow(this.systems, this.parts.board, nowMs);
    if (this.lightBeats.due(nowMs))
      lamps.tick(
        meaningOf(this.systems, body.faults),
        { eyes: !!power.sheds('eyes'), lights: !!power.sheds('lights') },
        nowMs,
      );
    const mayTell = this.link.connected && !watch.catchingUp(nowMs);
    if (mayTell && this.bodySchedule.due(body, this.asleep, nowMs))
      this.link.send({ ...body, seq: this.seq++ });
    pauseMemory.keep(permission.pauseState, nowMs);
    this.status.tell(body, permission.presence, nowMs);
  }

  private take(intent: Intent): Refusal | undefined {
    const { permission, control } = this.systems;
    const nowMs = this.parts.clock.now();
    if (intent.kind !== 'desired')
      return permission.live ? control.take(intent, nowMs) : 'noAuthority';
    const { refusal, resume } = permission.take(intent.desired, nowMs);
    if (resume) control.resume(nowMs);
    // At once, so that a look right behind finds the head awake.
    this.decidePosture(nowMs);
    return refusal;
  }

  private decidePosture(nowMs: number): void {
    const { permission, control, power } = this.systems;
    control.setQuiet(permission.quiet || power.sheds('quiet') !== undefined, nowMs);
    const { posture } = permission;
    if (posture) control.setPosture(posture, nowMs);
    this.loop.pace(this.asleep ? ASLEEP_TICK_MS : TICK_MS);
  }

  private get asleep(): boolean {
    return this.systems.permission.presence === 'asleep' && this.systems.control.idle;
  }

  /** Why the body's own condition does not allow motion. */
  private get forbidden(): Block | undefined {
    const cause = this.systems.power.sheds('motion');
    if (cause === 'heat') return 'hot';
    return cause === 'battery' ? 'batteryLow' : undefined;
  }

  private switchRails(): void {
    const { permission, power, rails } = this.systems;
    rails.set({
      camera: permission.camera && !power.sheds('camera'),
      microphone: permission.microphone,
      amplifier: permission.amplifier,
    });
  }

  /** `atMs`: when the finger moved. What follows is counted from when it was heard of. */
  private teacher(type: 'pressed' | 'released' | 'tick', atMs: number): void {
    this.pressed(this.systems.permission.button(type, this.parts.clock.now(), atMs), atMs);
  }

  /**
   * A finger that is found on it at the start is no press, or plugging in a robot would pause it. After
   * a restart it is: the class saw the camera and may have pressed while nobody was there to notice.
   */
  private teacherAsked(down: boolean, first: boolean): void {
    if (first && !this.restarted) return;
    const nowMs = this.parts.clock.now();
    this.pressed(this.systems.permission.buttonAsked(down, first, nowMs), nowMs);
  }

  private pressed(outcome: PressOutcome | undefined, atMs: number): void {
    if (!outcome) return;
    this.announce(outcome === 'acknowledged' ? 'handAcknowledged' : outcome, atMs);
    this.switchRails();
  }

  private announce(event: Exclude<BodyEvent['event'], 'shutdown'>, atMs: number): void {
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
}

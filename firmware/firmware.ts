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

/** Update period of ring, hand light and eyes: smooth, at a quarter of the bus's bandwidth. */
const LIGHTS_MS = 40;

/** A shutdown request that could not be written is retried after this. */
const SHUTDOWN_RETRY_MS = 5_000;

interface FirmwareParts extends HeadParts {
  /** Keeps the teacher's pause across a crash, but not across a reboot (tmpfs). */
  readonly memory?: Storage | undefined;
  readonly supervisor?: Supervisor;
}

/**
 * Sole owner of the body. A loop reads, decides and writes, in that order; the agent's intents only
 * change the inputs of the next tick. No exception leaves a tick.
 */
export class Firmware {
  private readonly link: AgentLink;
  private readonly loop: Loop;
  private readonly systems: Subsystems;
  private readonly supervisor: Supervisor;
  private readonly status: Status;
  private readonly pairHold = new ButtonHold();
  private readonly lightsCadence = new Cadence(LIGHTS_MS);
  private readonly bodySchedule = new BodySchedule();
  private seq = 0;
  /** Another firmware process ran since the machine started. */
  private restarted = false;
  private unsubscribes: (() => void)[] = [];

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
      teacherButton: new ButtonWatch(teacherButton, 'teacherButton', clock, log, (...polled) =>
        this.teacherPolled(...polled),
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
    // Not a power-up: a restart during a lesson must not flash the lights.
    if (restarted) lamps.skipTest(clock.now());
    this.warnIfHeadCannotMove();
    this.unsubscribes = [
      hardware.teacherButton.onChange(({ pressed, atMs }) =>
        this.teacher(pressed ? 'pressed' : 'released', atMs),
      ),
      hardware.pairButton.onChange(({ pressed, atMs }) => this.pair(pressed, atMs)),
    ];
    this.loop.pace(TICK_MS);
  }

  private warnIfHeadCannotMove(): void {
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

  /** Brakes, then turns everything off. The hardware stays open: its opener closes it. */
  async stop(): Promise<void> {
    const { hardware, clock, log } = this.parts;
    const { control } = this.systems;
    this.supervisor.stopping();
    for (const unsubscribe of this.unsubscribes.splice(0)) unsubscribe();
    this.link.close();
    const brakeMs = control.brakeMs(clock.now());
    control.brake(clock.now());
    await delay(clock, brakeMs);
    this.halt();
    await safeOff(hardware, clock, log);
    log.info({ ...this.statistics }, 'loop statistics');
  }

  /** Stops everything that could write to the body, at once; no braking, no log. */
  halt(): void {
    for (const unsubscribe of this.unsubscribes.splice(0)) unsubscribe();
    this.link.close();
    this.loop.stop();
    this.systems.control.turnTorqueOff();
  }

  /** Timing of the loop, for benchmarks and the log. */
  get statistics(): LoopReport & { commandToWrite: Percentiles } {
    return { ...this.loop.statistics, commandToWrite: this.systems.control.commandToWrite };
  }

  private tick(nowMs: number): void {
    const { teacherButton, rails } = this.systems;
    teacherButton.tick(nowMs);
    if (!rails.ready(nowMs) || !teacherButton.known(nowMs)) return;
    this.act(nowMs);
    this.report(nowMs);
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
    if (this.pairHold.reached(nowMs)) {
      permission.pairHeld(nowMs);
      this.announce('pair', nowMs);
    }
    power.tick(nowMs, control.monitor.hottestC);
    this.decidePosture(nowMs);
    control.tick(nowMs, this.forbidden, permission.mayStart);
    this.switchRails();
  }

  /** Reports by lights to the class, to the agent, to the next process, to the supervisor. */
  private report(nowMs: number): void {
    const { permission, power, lamps, pauseMemory, watch } = this.systems;
    const body = bodyNow(this.systems, this.parts.board, nowMs);
    if (this.lightsCadence.due(nowMs))
      lamps.tick(
        meaningOf(this.systems, body.faults),
        { eyes: !!power.sheds('eyes'), lights: !!power.sheds('lights') },
        nowMs,
      );
    const maySend = this.link.connected && !watch.catchingUp(nowMs);
    if (maySend && this.bodySchedule.due(body, this.asleep, nowMs))
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
    // At once, so that a look that follows immediately finds the head awake.
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

  /** Why battery or heat forbid motion. */
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

  /** A press during pairing ends it; held on, it begins another. */
  private pair(pressed: boolean, atMs: number): void {
    this.pairHold.change(pressed, atMs);
    if (pressed && this.systems.permission.pairPressed()) this.switchRails();
  }

  /** `atMs`: when the button changed. The durations that follow are counted from its handling. */
  private teacher(type: 'pressed' | 'released' | 'tick', atMs: number): void {
    this.pressed(this.systems.permission.button(type, this.parts.clock.now(), atMs), atMs);
  }

  /**
   * A button found down at power-up is no press, or plugging in a robot could pause it. After a
   * restart it is one: the class saw the camera, and may have pressed while no process was running.
   */
  private teacherPolled(down: boolean, first: boolean): void {
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
    this.requestShutdown(why);
    this.link.send({ kind: 'event', event: 'shutdown', atMs: this.parts.clock.now(), why });
  }

  /** A unit that may power off waits for this file (deskmate-shutdown.path). */
  private requestShutdown(why: 'battery' | 'heat'): void {
    const { log, memory, clock } = this.parts;
    memory?.write('shutdown', why).catch((error) => {
      log.error({ why: String(error) }, 'no shutdown; asking again');
      clock.after(SHUTDOWN_RETRY_MS, () => this.requestShutdown(why));
    });
  }
}

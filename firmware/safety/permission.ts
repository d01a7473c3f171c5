import type { Log } from '../../hal/ports/log.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import { type DesiredState, NOTHING_DESIRED, type Presence, type Refusal } from '../link/schema.ts';
import { stepAuthority } from './authority.ts';
import { type Pause, type PauseEffect, stepPause } from './pause.ts';
import type { Posture } from './posture.ts';
import { PRESS_START, type PressContext, type PressEvent, stepPress } from './press.ts';
import { HAND_START, stepHand } from './raised-hand.ts';

/** Somebody has the robot. `lost` too: the pupil is expected back. */
const SESSION: ReadonlySet<Presence> = new Set(['waking', 'here', 'listening', 'lost']);
/**
 * The rails may be on. In `waking` already, so that the first picture does not wait for the camera;
 * not in `lost`: the watch light would claim a watcher who is not there.
 */
const LIVE: ReadonlySet<Presence> = new Set(['waking', 'here', 'listening']);

/** What came of the teacher's button. */
export type PressOutcome = 'acknowledged' | PauseEffect;

/**
 * What the agent may have of what it wants, by authority and by the teacher's pause. Asked by the
 * loop, decides nothing about the body's own condition.
 */
export class Permission {
  private readonly authority: MachineOf<typeof stepAuthority>;
  private readonly pause: MachineOf<typeof stepPause>;
  private readonly handMachine: MachineOf<typeof stepHand>;
  private readonly pressMachine: MachineOf<typeof stepPress>;
  private desired = NOTHING_DESIRED;
  /** A press of the teacher's would be noticed. */
  private pausable = false;

  constructor(
    log: Log,
    /** When `desired` came last; the start counts, so that a robot left alone goes to rest. */
    private heardMs: number,
  ) {
    this.authority = new Machine('authority', stepAuthority, { name: 'expired' }, log);
    this.pause = new Machine('pause', stepPause, { name: 'running' }, log);
    this.handMachine = new Machine('hand', stepHand, HAND_START, log);
    this.pressMachine = new Machine('press', stepPress, PRESS_START, log, 'debug');
  }

  /** The pause of a process before this one. */
  restore(pause: Pause): void {
    if (pause.name === 'paused') this.pause.send({ type: 'restore', pause });
  }

  setPausable(works: boolean): void {
    this.pausable = works;
  }

  /** Another agent: what the one before was told of a hand, this one may not have heard. */
  agentReplaced(): void {
    this.handMachine.send({ type: 'forget' });
  }

  /** Takes over what the agent wants; says why it cannot have the camera when it starts asking. */
  take(desired: DesiredState, nowMs: number): { refusal: Refusal | undefined; resume: boolean } {
    const asks = desired.camera && !this.desired.camera;
    this.desired = desired;
    this.heardMs = nowMs;
    const resume = this.authority.send({ type: 'desired' }).includes('resume');
    this.handMachine.send({ type: 'desired', up: desired.hand, atMs: nowMs });
    return { refusal: asks ? this.sensingRefusal : undefined, resume };
  }

  /** Each tick, with the time that a stop would take now. */
  tick(nowMs: number, brakeMs: number): { brake: boolean; pause: PauseEffect | undefined } {
    const silentMs = nowMs - this.heardMs;
    const effects = this.authority.send({ type: 'tick', silentMs, brakeMs });
    if (effects.includes('cut')) this.handMachine.send({ type: 'forget' });
    this.handMachine.send({ type: 'tick', atMs: nowMs });
    const session = this.heard && SESSION.has(this.desired.presence);
    const [pause] = this.pause.send({ type: 'tick', atMs: nowMs, session });
    return { brake: effects.includes('brake'), pause };
  }

  /**
   * The teacher's button went down or up, or (`tick`) may have been down for long. `fingerMs`: when the
   * finger moved, of which is heard at `atMs`.
   */
  button(
    type: 'pressed' | 'released' | 'tick',
    atMs: number,
    fingerMs = atMs,
  ): PressOutcome | undefined {
    return this.press({ type, atMs, fingerMs, now: this.pressContext }, atMs);
  }

  /** The teacher's button was asked and is `down` or not; `sure`: no press is on its way to be told. */
  buttonAsked(down: boolean, sure: boolean, atMs: number): PressOutcome | undefined {
    return this.press({ type: 'asked', down, sure, atMs, now: this.pressContext }, atMs);
  }

  /** The agent speaks, and recently enough to command the head. */
  get live(): boolean {
    return this.authority.state.name === 'live';
  }

  get pauseState(): Pause {
    return this.pause.state;
  }

  get paused(): boolean {
    return this.pause.state.name === 'paused';
  }

  get hand(): 'down' | 'up' | 'acknowledged' {
    const { name } = this.handMachine.state;
    return name === 'answered' ? 'down' : name;
  }

  /** What the class is shown: an agent that fell silent has lost its pupil. */
  get presence(): Presence {
    if (this.heard) return this.desired.presence;
    const expired = this.authority.state.name === 'expired';
    return expired && SESSION.has(this.desired.presence) ? 'lost' : 'asleep';
  }

  get mood(): DesiredState['mood'] {
    return this.desired.mood;
  }

  get quiet(): boolean {
    return this.desired.quiet;
  }

  get camera(): boolean {
    return this.desired.camera && this.sensingRefusal === undefined;
  }

  get microphone(): boolean {
    return this.desired.microphone && this.sensingRefusal === undefined;
  }

  /** The pupil may speak to the class during a pause: being heard watches nobody. */
  get amplifier(): boolean {
    return this.heard && this.desired.amplifier;
  }

  /** Where the head belongs; undefined: where it is. */
  get posture(): Posture | undefined {
    if (this.authority.state.name === 'expired') return undefined;
    if (!this.heard || !SESSION.has(this.desired.presence)) return 'rest';
    return this.paused ? 'lowered' : 'awake';
  }

  /** Torque may be turned on: not while it should be stopping, or have stopped. */
  get mayStart(): boolean {
    const { name } = this.authority.state;
    return name === 'live' || name === 'none';
  }

  private press(event: PressEvent, atMs: number): PressOutcome | undefined {
    const [effect] = this.pressMachine.send(event);
    if (effect === undefined) return undefined;
    if (effect === 'acknowledge') {
      this.handMachine.send({ type: 'acknowledge', atMs });
      return 'acknowledged';
    }
    if (effect === 'pause') this.handMachine.send({ type: 'paused' });
    return this.pause.send({ type: effect, atMs })[0];
  }

  private get pressContext(): PressContext {
    return { paused: this.paused, handUp: this.hand === 'up' };
  }

  /** While braking, what was wanted still holds: the next `desired` may only be late. */
  private get heard(): boolean {
    const { name } = this.authority.state;
    return name === 'live' || name === 'braking';
  }

  private get sensingRefusal(): Refusal | undefined {
    if (!this.heard) return 'noAuthority';
    if (this.paused) return 'paused';
    // Nobody is watched whom nobody could spare it.
    if (!this.pausable) return 'fault';
    return LIVE.has(this.desired.presence) ? undefined : 'resting';
  }
}

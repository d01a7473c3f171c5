import type { Log } from '../../hal/ports/log.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import { type DesiredState, NOTHING_DESIRED, type Presence, type Refusal } from '../link/schema.ts';
import { stepAuthority } from './authority.ts';
import { CLOSED, stepPairing } from './pairing.ts';
import { type Pause, type PauseEffect, stepPause } from './pause.ts';
import type { Posture } from './posture.ts';
import { PRESS_START, type PressContext, type PressEvent, stepPress } from './press.ts';
import { HAND_START, stepHand } from './raised-hand.ts';

/** A session is running. `lost` too: the pupil is expected back. */
const SESSION: ReadonlySet<Presence> = new Set(['waking', 'here', 'listening', 'lost']);
/**
 * The rails may be on. Already in `waking`, so that the first picture does not wait for the camera;
 * not in `lost`: the watch light would be on although nobody watches.
 */
const LIVE: ReadonlySet<Presence> = new Set(['waking', 'here', 'listening']);

/** Result of a press of the teacher's button. */
export type PressOutcome = 'acknowledged' | PauseEffect;

/**
 * Which of the agent's wishes are permitted, by authority and by the teacher's pause. Used by the
 * loop; the body's own condition is checked elsewhere.
 */
export class Permission {
  private readonly authority: MachineOf<typeof stepAuthority>;
  private readonly pause: MachineOf<typeof stepPause>;
  private readonly handMachine: MachineOf<typeof stepHand>;
  private readonly pairingMachine: MachineOf<typeof stepPairing>;
  private readonly pressMachine: MachineOf<typeof stepPress>;
  private desired = NOTHING_DESIRED;
  /** A press of the teacher's button would be detected. */
  private pausable = false;

  constructor(
    log: Log,
    /**
     * When `desired` last arrived; initially the start, so that a robot without agent goes to rest.
     */
    private desiredAtMs: number,
  ) {
    this.authority = new Machine('authority', stepAuthority, { name: 'expired' }, log);
    this.pause = new Machine('pause', stepPause, { name: 'running' }, log);
    this.handMachine = new Machine('hand', stepHand, HAND_START, log);
    this.pairingMachine = new Machine('pairing', stepPairing, CLOSED, log);
    this.pressMachine = new Machine('press', stepPress, PRESS_START, log, 'debug');
  }

  /** Restores the pause of the previous process. */
  restore(pause: Pause): void {
    if (pause.name === 'paused') this.pause.send({ type: 'restore', pause });
  }

  setPausable(works: boolean): void {
    this.pausable = works;
  }

  /** A new agent connected: it may not know that a hand was acknowledged. */
  agentReplaced(): void {
    this.handMachine.send({ type: 'forget' });
  }

  /** Takes over the desired state; returns why the camera is refused when it is first requested. */
  take(desired: DesiredState, nowMs: number): { refusal: Refusal | undefined; resume: boolean } {
    const asks = desired.camera && !this.desired.camera;
    this.desired = desired;
    this.desiredAtMs = nowMs;
    const resume = this.authority.send({ type: 'desired' }).includes('resume');
    this.handMachine.send({ type: 'desired', up: desired.hand, atMs: nowMs });
    // At once, so that a session never begins with what pairing permits.
    this.pairingMachine.send({ type: 'tick', atMs: nowMs, free: this.mayPair });
    return { refusal: asks ? this.cameraRefusal : undefined, resume };
  }

  /** To be called each tick; `brakeMs`: duration of a brake begun now. */
  tick(nowMs: number, brakeMs: number): { brake: boolean; pause: PauseEffect | undefined } {
    const silentMs = nowMs - this.desiredAtMs;
    const effects = this.authority.send({ type: 'tick', silentMs, brakeMs });
    if (effects.includes('cut')) this.handMachine.send({ type: 'forget' });
    this.handMachine.send({ type: 'tick', atMs: nowMs });
    this.pairingMachine.send({ type: 'tick', atMs: nowMs, free: this.mayPair });
    const session = this.hasAuthority && SESSION.has(this.desired.presence);
    const [pause] = this.pause.send({ type: 'tick', atMs: nowMs, session });
    return { brake: effects.includes('brake'), pause };
  }

  /**
   * An edge of the teacher's button, or (`tick`) a check for a long press. `fingerMs`: time of the
   * edge; `atMs`: when it is handled.
   */
  button(
    type: 'pressed' | 'released' | 'tick',
    atMs: number,
    fingerMs = atMs,
  ): PressOutcome | undefined {
    return this.press({ type, atMs, fingerMs, now: this.pressContext }, atMs);
  }

  /** The teacher's button was polled; `sure`: no edge event can still be pending. */
  buttonAsked(down: boolean, sure: boolean, atMs: number): PressOutcome | undefined {
    return this.press({ type: 'asked', down, sure, atMs, now: this.pressContext }, atMs);
  }

  /** The pair button was held for HOLD_MS. */
  pairHeld(atMs: number): void {
    this.pairingMachine.send({ type: 'held', atMs, free: this.mayPair });
  }

  /** The pair button went down; true when that ended pairing. */
  pairPressed(): boolean {
    if (!this.pairing) return false;
    this.pairingMachine.send({ type: 'pressed' });
    return true;
  }

  /** Codes may be read: the presence `pairing` has a camera. */
  get pairing(): boolean {
    return this.pairingMachine.state.name === 'open';
  }

  /** The agent's last `desired` is recent enough to command the head. */
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

  /** What the class is shown; `lost` when the agent fell silent during a session. */
  get presence(): Presence {
    if (this.hasAuthority) {
      const { presence } = this.desired;
      // Eyes that are open tell the class that codes are read: never without that being so.
      return presence === 'pairing' && !this.pairing ? 'asleep' : presence;
    }
    const expired = this.authority.state.name === 'expired';
    return expired && SESSION.has(this.desired.presence) ? 'lost' : 'asleep';
  }

  get mood(): DesiredState['mood'] {
    return this.desired.mood;
  }

  get identify(): boolean {
    return this.hasAuthority && this.desired.identify === true;
  }

  get support(): boolean {
    return this.hasAuthority && this.desired.support === true;
  }

  get quiet(): boolean {
    return this.desired.quiet;
  }

  get camera(): boolean {
    return this.desired.camera && this.cameraRefusal === undefined;
  }

  get microphone(): boolean {
    return this.desired.microphone && this.liveRefusal === undefined;
  }

  /** The pupil may speak to the class during a pause: that observes nobody. */
  get amplifier(): boolean {
    const { amplifier, presence } = this.desired;
    return this.hasAuthority && amplifier && presence !== 'pairing';
  }

  /** The head's posture; undefined: stay where it is. */
  get posture(): Posture | undefined {
    if (this.authority.state.name === 'expired') return undefined;
    if (!this.hasAuthority || !SESSION.has(this.desired.presence)) return 'rest';
    return this.paused ? 'lowered' : 'awake';
  }

  /** Torque may be turned on: not while braking or after authority has expired. */
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

  /** While braking the desired state still holds: the next `desired` may only be late. */
  private get hasAuthority(): boolean {
    const { name } = this.authority.state;
    return name === 'live' || name === 'braking';
  }

  /** An agent that is heard, no session, and no pause: firmware alone judges by what it knows. */
  private get mayPair(): boolean {
    return this.hasAuthority && !this.paused && !SESSION.has(this.desired.presence);
  }

  private get sensingRefusal(): Refusal | undefined {
    if (!this.hasAuthority) return 'noAuthority';
    if (this.paused) return 'paused';
    // No camera that the teacher could not pause.
    return this.pausable ? undefined : 'fault';
  }

  private get liveRefusal(): Refusal | undefined {
    return this.sensingRefusal ?? (LIVE.has(this.desired.presence) ? undefined : 'resting');
  }

  private get cameraRefusal(): Refusal | undefined {
    const pairing = this.desired.presence === 'pairing' && this.pairing;
    return pairing ? this.sensingRefusal : this.liveRefusal;
  }
}

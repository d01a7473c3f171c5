import type { Button } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import { CallGuard } from '../core/call-guard.ts';
import type { FaultCode } from '../link/schema.ts';

/** Polled level; `first`: the button has not been found up since this process started. */
type ButtonPolled = (down: boolean, first: boolean) => void;

/** Polling period of the level, which also checks that presses would be detected. */
const POLL_MS = 250;
/** The start waits no longer for the first reading. */
const START_MS = 300;
/** A button down for longer is a sticking contact or a short, not a finger. */
export const STUCK_MS = 30_000;

/** `unproven`: not yet found up since this process started (a short to ground never is). */
type ButtonState =
  | { readonly name: 'unproven' | 'up' }
  | { readonly name: 'down'; readonly sinceMs: number };

function stepButton(state: ButtonState, down: boolean, atMs: number): ButtonState {
  if (!down) return { name: 'up' };
  return state.name === 'up' ? { name: 'down', sinceMs: atMs } : state;
}

/**
 * Whether a press of the teacher's button would be detected; without that, camera and microphone
 * stay off. A button works once it has been found up, and while it can be read. A board without a
 * button is exempt.
 */
export class ButtonWatch {
  private readonly calls: CallGuard<boolean, FaultCode>;
  private readonly polls = new Cadence(POLL_MS);
  private readonly startMs: number;
  private polled = false;
  private state: ButtonState = { name: 'unproven' };

  constructor(
    private readonly button: Button,
    private readonly fault: FaultCode,
    private readonly clock: Clock,
    log: Log,
    private readonly onPolled: ButtonPolled = () => {},
  ) {
    this.startMs = clock.now();
    this.calls = new CallGuard(fault, clock, log, {
      call: () => button.read(),
      done: (down) => this.found(down),
      failed: () => {
        this.polled = true;
      },
    });
  }

  /** To be called each tick. */
  tick(nowMs: number): void {
    if (!this.button.present) return;
    // At the start the camera waits for the first reading.
    if (this.polls.due(nowMs) || !this.polled) this.calls.start();
  }

  /** It has been read, or START_MS have passed: `works` is meaningful. */
  known(nowMs: number): boolean {
    return !this.button.present || this.polled || nowMs - this.startMs >= START_MS;
  }

  get works(): boolean {
    if (!this.button.present) return true;
    return this.state.name !== 'unproven' && !this.calls.degraded && !this.stuck;
  }

  faults(add: (code: FaultCode) => void): void {
    if (!this.works && this.known(this.clock.now())) add(this.fault);
  }

  private get stuck(): boolean {
    return this.state.name === 'down' && this.clock.now() - this.state.sinceMs > STUCK_MS;
  }

  private found(down: boolean): void {
    this.polled = true;
    const first = this.state.name === 'unproven';
    this.state = stepButton(this.state, down, this.clock.now());
    this.onPolled(down, first);
  }
}

/** A deliberate hold of the pair button. */
const HOLD_MS = 5_000;

/** Reports once when a button has been held down for HOLD_MS. */
export class ButtonHold {
  private pressedMs: number | undefined;

  change(pressed: boolean, atMs: number): void {
    this.pressedMs = pressed ? atMs : undefined;
  }

  /** To be called each tick. */
  reached(nowMs: number): boolean {
    if (this.pressedMs === undefined || nowMs - this.pressedMs < HOLD_MS) return false;
    this.pressedMs = undefined;
    return true;
  }
}

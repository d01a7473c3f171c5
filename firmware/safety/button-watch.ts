import type { Button } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import { CallGuard } from '../core/call-guard.ts';
import type { FaultCode } from '../link/schema.ts';

/** What the button said: `first` when it has not been found up since this process began. */
type ButtonAsked = (down: boolean, first: boolean) => void;

/** How often a button is asked whether it would notice a press. */
const ASK_MS = 250;
/** A start does not wait longer for its first answer. */
const START_MS = 300;
/** A finger is gone by then: what is down for longer is a contact that sticks, or a wire. */
export const STUCK_MS = 30_000;

/** `unproven`: not yet found up since this process began, which a wire to ground never is. */
type ButtonState =
  | { readonly name: 'unproven' | 'up' }
  | { readonly name: 'down'; readonly sinceMs: number };

function stepButton(state: ButtonState, down: boolean, atMs: number): ButtonState {
  if (!down) return { name: 'up' };
  return state.name === 'up' ? { name: 'down', sinceMs: atMs } : state;
}

/**
 * Whether a press of the teacher's would be noticed. Nobody is seen or heard without: a button works
 * once it has been found up, and while it can be asked. A board that has none says so, and is not
 * held to it.
 */
export class ButtonWatch {
  private readonly calls: CallGuard<boolean, FaultCode>;
  private readonly asks = new Cadence(ASK_MS);
  private readonly startMs: number;
  private asked = false;
  private state: ButtonState = { name: 'unproven' };

  constructor(
    private readonly button: Button,
    private readonly fault: FaultCode,
    private readonly clock: Clock,
    log: Log,
    private readonly onAsked: ButtonAsked = () => {},
  ) {
    this.startMs = clock.now();
    this.calls = new CallGuard(fault, clock, log, {
      call: () => button.read(),
      done: (down) => this.found(down),
      failed: () => {
        this.asked = true;
      },
    });
  }

  /** To be called each tick. */
  tick(nowMs: number): void {
    if (!this.button.present) return;
    // At the start the camera waits for its answer.
    if (this.asks.due(nowMs) || !this.asked) this.calls.start();
  }

  /** It has answered, or has had the time to: what there is to say of it is known. */
  known(nowMs: number): boolean {
    return !this.button.present || this.asked || nowMs - this.startMs >= START_MS;
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
    this.asked = true;
    const first = this.state.name === 'unproven';
    this.state = stepButton(this.state, down, this.clock.now());
    this.onAsked(down, first);
  }
}

/** The pair button is held this long on purpose. */
const HOLD_MS = 5_000;

/** Tells once when a button has been held down for HOLD_MS. */
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

import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { may } from '../admission/admit.ts';
import type { Facts, FactsFor } from '../admission/facts.ts';
import type { Scanning } from '../model/scanning.ts';
import { CodeDispatch } from './code-dispatch.ts';
import type { CodePorts } from './code-ports.ts';
import {
  type PairingEffect,
  type PairingEvent,
  type PairingState,
  type PairingTimer,
  pairingClosed,
  scanningOf,
  stepPairing,
} from './pairing-machine.ts';

/** All but whether the button was held, which this room knows. */
export type RobotFacts = Omit<FactsFor<'scanning'>, 'pairing'>;

interface PairingParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly ports: CodePorts;
  /** As they are now; `onFacts` is to be called at each change. */
  readonly facts: () => RobotFacts;
  /** What body and media are to do; called at each change. */
  readonly show: (scanning: Scanning | undefined) => void;
}

/**
 * Owner of the pairing machine: the pair button opens it for a minute, in which codes are read. What
 * the camera may do is decided by admission here, and by firmware once more.
 */
export class Pairing {
  private state: PairingState = pairingClosed;
  private button: Facts['pairing'] = 'closed';
  private readonly timers = new Map<PairingTimer, Timer>();
  private readonly codes: CodeDispatch;
  /** Counts the minutes, so that an answer that comes late is not for the next one. */
  private minute = 0;

  constructor(private readonly parts: PairingParts) {
    this.codes = new CodeDispatch(parts.ports, parts.log);
  }

  /** The pair button was held for 5 s. */
  onPair(): void {
    this.button = 'open';
    this.on({ type: 'pair', may: this.allowed });
  }

  /** Of each body message; undefined: firmware does not say, and the minute counts. */
  onBody(pairing: boolean | undefined): void {
    if (pairing !== false || this.button === 'closed') return;
    this.button = 'closed';
    this.onFacts();
  }

  onFacts(): void {
    if (this.state.name !== 'closed') this.on({ type: 'facts', may: this.allowed });
  }

  /** The camera sees a code. */
  async onCode(text: string): Promise<void> {
    if (this.state.name !== 'reading') return;
    const { minute } = this;
    const outcome = await this.codes.take(text);
    if (outcome && minute === this.minute) this.on({ type: 'code', outcome });
  }

  private get allowed(): boolean {
    return may('scanning', { ...this.parts.facts(), pairing: this.button });
  }

  private on(event: PairingEvent): void {
    const from = this.state;
    const { state, effects } = stepPairing(from, event);
    if (state === from) return;
    this.state = state;
    if (state.name !== from.name) {
      const transition = { machine: 'pairing', from: from.name, event: event.type, to: state.name };
      this.parts.log.info(transition, 'transition');
    }
    for (const effect of effects) this.perform(effect);
    this.parts.show(scanningOf(state));
  }

  private perform(effect: PairingEffect): void {
    if (effect.do === 'forget') {
      this.minute += 1;
      this.codes.forget();
      return;
    }
    const { timer } = effect;
    this.timers.get(timer)?.cancel();
    this.timers.delete(timer);
    if (effect.do === 'disarm') return;
    const expire = (): void => this.on({ type: 'expired', timer });
    this.timers.set(timer, this.parts.clock.after(effect.ms, expire));
  }
}

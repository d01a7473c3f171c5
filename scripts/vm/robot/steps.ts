import { messageOf } from '../../../hal/common/errors.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import type { Port } from '../guest/inside.ts';

const LOOK_AGAIN_MS = 50;

/** The numbered steps of a run: each reports its observation; a failed one ends the run. */
export class Steps {
  private number = 0;

  constructor(
    private readonly clock: Clock,
    private readonly port: Port,
  ) {}

  /** `act` resolves with its observation. Rejects when `act` does. */
  async step(what: string, limitS: number, act: () => Promise<string>): Promise<void> {
    this.number += 1;
    this.port.tell({ kind: 'phase', name: `robot: ${what}`, limitS: limitS + 10 });
    const startMs = this.clock.now();
    const tell = (ok: boolean, seen: string): void => {
      const ms = Math.round(this.clock.now() - startMs);
      this.port.tell({ kind: 'step', number: this.number, what, ok, ms, seen });
    };
    try {
      tell(true, await this.within(limitS, act()));
    } catch (error) {
      tell(false, messageOf(error));
      throw error;
    }
  }

  /** Resolves when `holds`, rejects with `otherwise()` after `limitS`. */
  async until(limitS: number, holds: () => boolean, otherwise: () => string): Promise<void> {
    const endMs = this.clock.now() + limitS * 1000;
    while (!holds()) {
      if (this.clock.now() > endMs) throw new Error(otherwise());
      await delay(this.clock, LOOK_AGAIN_MS);
    }
  }

  private within<T>(limitS: number, act: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(limitS * 1000, () =>
        reject(new Error(`was not over within ${limitS} s`)),
      );
      act.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

import { type Clock, delay } from '../../hal/ports/clock.ts';
import type { EndReason } from '../wire/control.ts';
import type { Connection } from './connection.ts';

/** A last word needs this long to leave before the connection is closed under it. */
export const FAREWELL_MS = 250;

/** Connections that are over: each is told why, and closed when it had time to hear. */
export class Farewells {
  private readonly leaving = new Set<Promise<void>>();

  constructor(private readonly clock: Clock) {}

  say(connection: Connection, why: EndReason): void {
    connection.send({ kind: 'ended', why });
    const gone = delay(this.clock, FAREWELL_MS).then(() => {
      connection.close();
      this.leaving.delete(gone);
    });
    this.leaving.add(gone);
  }

  /** Resolves when all are closed. */
  async over(): Promise<void> {
    await Promise.all(this.leaving);
  }
}

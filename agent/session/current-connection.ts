import type { Clock } from '../../hal/ports/clock.ts';
import type { OpenPeer } from '../media/peer.ts';
import type { RefusalBook } from '../model/refusals.ts';
import type { EndReason } from '../wire/control.ts';
import { Connection, type ConnectionListener } from './connection.ts';
import { Farewells } from './farewells.ts';
import type { Authority } from './gate.ts';

export interface CurrentConnectionParts {
  readonly clock: Clock;
  readonly refusals: RefusalBook;
  readonly openPeer: OpenPeer;
}

export interface CurrentConnectionListener extends Omit<ConnectionListener, 'authority'> {
  /** `current`: asked for by the connection that counts, not by one that was or may be. */
  authority(current: boolean): Authority;
}

/** Several connections may be open, of those who come and who go; only one is listened to. */
export class CurrentConnection {
  private current: Connection | undefined;
  private readonly farewells: Farewells;

  constructor(
    private readonly parts: CurrentConnectionParts,
    private readonly listener: CurrentConnectionListener,
  ) {
    this.farewells = new Farewells(parts.clock);
  }

  get connection(): Connection | undefined {
    return this.current;
  }

  /** Opens one that does not count until it is taken. */
  open(): Connection {
    const { openPeer, clock, refusals } = this.parts;
    const { listener } = this;
    const current = (): boolean => this.current === connection;
    const connection: Connection = new Connection(openPeer, clock, refusals, {
      onThere: () => current() && listener.onThere(),
      onGone: (why) => current() && listener.onGone(why),
      onCommand: (command, atMs) => current() && listener.onCommand(command, atMs),
      onVoice: (samples) => current() && listener.onVoice(samples),
      authority: () => listener.authority(current()),
    });
    return connection;
  }

  take(connection: Connection | undefined): void {
    this.current = connection;
  }

  /** Nobody is listened to any more; whoever was is told why. */
  dismiss(why: EndReason): void {
    const connection = this.current;
    this.current = undefined;
    if (connection) this.farewells.say(connection, why);
  }

  /** Resolves when every connection that was told to go is closed. */
  farewell(): Promise<void> {
    return this.farewells.over();
  }
}

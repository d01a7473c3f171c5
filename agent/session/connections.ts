import { type Clock, delay } from '../../hal/ports/clock.ts';
import type { OpenPeer } from '../media-link/peer.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import type { EndReason, RobotMessage } from '../wire/control.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import { Connection, type ConnectionListener } from './connection.ts';
import type { ConnectionId } from './session-machine.ts';

/** How long a closing connection stays open, so that the last message can be delivered. */
const DRAIN_MS = 250;

interface ConnectionsParts {
  readonly clock: Clock;
  readonly refusals: RefusalLog;
  readonly openPeer: OpenPeer;
  readonly nextLesson: () => NextLesson | undefined;
}

/** Several may be open, arriving and draining; each call names its connection. */
type ConnectionsListener = {
  [K in keyof ConnectionListener]: (
    id: ConnectionId,
    ...args: Parameters<ConnectionListener[K]>
  ) => ReturnType<ConnectionListener[K]>;
};

/** The open connections, by number. Ending ones are drained: sent the reason, then closed. */
export class Connections {
  private readonly all = new Map<ConnectionId, Connection>();
  /** Those whose page knows of lessons; see the feature `lessons`. */
  private readonly informed = new WeakSet<Connection>();
  private readonly draining = new Set<Promise<void>>();
  private opened = 0;

  constructor(
    private readonly parts: ConnectionsParts,
    private readonly listener: ConnectionsListener,
  ) {}

  /** Throws when the media library fails. `lessons`: the page has this feature. */
  open(lessons: boolean): ConnectionId {
    const { openPeer, clock, refusals } = this.parts;
    const { listener } = this;
    const id = this.opened + 1;
    const connection = new Connection(openPeer, clock, refusals, {
      onThere: () => listener.onThere(id),
      onGone: (why) => listener.onGone(id, why),
      onCommand: (command, atMs) => listener.onCommand(id, command, atMs),
      facts: () => listener.facts(id),
    });
    this.opened = id;
    this.all.set(id, connection);
    if (lessons) this.informed.add(connection);
    return id;
  }

  /** Undefined once it is draining or closed. */
  get(id: ConnectionId): Connection | undefined {
    return this.all.get(id);
  }

  close(id: ConnectionId): void {
    this.all.get(id)?.close();
    this.all.delete(id);
  }

  drain(id: ConnectionId, why: EndReason): void {
    const connection = this.all.get(id);
    if (!connection) return;
    this.all.delete(id);
    const informed = this.informed.has(connection);
    connection.send(informed ? endedWords(why, this.parts.nextLesson()) : plainEnd(why));
    const gone = delay(this.parts.clock, DRAIN_MS).then(() => {
      connection.close();
      this.draining.delete(gone);
    });
    this.draining.add(gone);
  }

  /** Resolves when all draining connections are closed. */
  async drained(): Promise<void> {
    await Promise.all(this.draining);
  }
}

/** After these the pupil is told when to come back. */
const GOODBYES: readonly EndReason[] = ['hangUp', 'lessonOver'];

function endedWords(why: EndReason, next: NextLesson | undefined): RobotMessage {
  const nextLesson = GOODBYES.includes(why) ? next : undefined;
  return { kind: 'ended', why, ...(nextLesson && { nextLesson }) };
}

/** What a page without the feature `lessons` can read. */
function plainEnd(why: EndReason): RobotMessage {
  return { kind: 'ended', why: why === 'lessonOver' ? 'robotStopped' : why };
}

import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Log } from '../../hal/ports/log.ts';
import { admit, offerRefusal } from '../admission/admit.ts';
import type { AddCandidates, OfferOptions, OfferReply, Visitor } from '../model/offer.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { type ConnectionId, offerFacts, type SessionState } from './session-machine.ts';

interface OfferQueueParts {
  readonly log: Log;
  readonly connections: Connections;
  readonly state: () => SessionState;
  /** The visitor's offer has been answered, and the visitor is still admissible. */
  readonly letIn: (visitor: Visitor, connection: ConnectionId) => void;
  readonly nextLesson: () => NextLesson | undefined;
  /** Resolves when the session's record is on disk. */
  readonly recorded: () => Promise<void>;
}

/**
 * Answers offers one by one, so that two devices cannot both get the session. Of the waiting offers
 * of one device, the newest wins.
 */
export class OfferQueue {
  private readonly queue = new SerialQueue();
  private readonly newest = new Map<string, number>();
  private received = 0;

  constructor(private readonly parts: OfferQueueParts) {}

  /** Resolves when an admitted visitor's record is on disk. */
  receive(from: Visitor, sdp: string, options: OfferOptions = {}): Promise<OfferReply> {
    const { onCandidate } = options;
    if (options.restart) return this.queue.run(() => this.restart(from, sdp, onCandidate));
    this.received += 1;
    const turn = this.received;
    this.newest.set(from.device, turn);
    return this.queue.run(async () => {
      const isNewest = this.newest.get(from.device) === turn;
      if (isNewest) this.newest.delete(from.device);
      return this.answer(from, sdp, isNewest ? 'newest' : 'overtaken', options);
    });
  }

  /** ICE restart of an existing connection: the session does not change. */
  private async restart(
    from: Visitor,
    sdp: string,
    onCandidate: OfferOptions['onCandidate'],
  ): Promise<OfferReply> {
    const { log, state, connections } = this.parts;
    const now = state();
    const refused = offerRefusal(admit('restart', offerFacts(now, from)));
    if (refused) return refuse(refused);
    const connection = now.name === 'asleep' ? undefined : connections.get(now.connection);
    if (!connection || connection.isClosed) return refuse('staleChallenge');
    try {
      return accept(await connection.answer(sdp, onCandidate), connection, onCandidate);
    } catch (error) {
      log.warn({ error: String(error) }, 'connection could not be restarted');
      return refuse('malformed');
    }
  }

  private async answer(
    { peer, device }: Visitor,
    sdp: string,
    offer: 'newest' | 'overtaken',
    { onCandidate, lessons = false }: OfferOptions,
  ): Promise<OfferReply> {
    const { connections, log, state } = this.parts;
    const pupil = { peer, device };
    const refusal = (): AccessRefusal | undefined =>
      offerRefusal(admit('session', { ...offerFacts(state(), pupil), offer }));
    const refused = refusal();
    if (refused) return this.refuse(refused);
    const id = this.open(lessons);
    const connection = id === undefined ? undefined : connections.get(id);
    if (id === undefined || !connection) return refuse('notAvailable');
    let answer: string;
    try {
      answer = await connection.answer(sdp, onCandidate);
    } catch (error) {
      log.warn({ error: String(error) }, 'offer could not be answered');
      connections.close(id);
      return refuse('malformed');
    }
    // State may have changed while the answer was made: the robot may be stopping now.
    const late = refusal();
    if (late) {
      connections.close(id);
      return this.refuse(late);
    }
    this.parts.letIn(pupil, id);
    await this.parts.recorded();
    return accept(answer, connection, onCandidate);
  }

  private refuse(reason: AccessRefusal): OfferReply {
    const nextLesson = reason === 'notInLesson' ? this.parts.nextLesson() : undefined;
    return { ...refuse(reason), ...(nextLesson && { nextLesson }) };
  }

  private open(lessons: boolean): ConnectionId | undefined {
    try {
      return this.parts.connections.open(lessons);
    } catch (error) {
      this.parts.log.error({ error: String(error) }, 'no connection can be opened');
      return undefined;
    }
  }
}

function accept(
  sdp: string,
  connection: Connection,
  onCandidate: OfferOptions['onCandidate'],
): OfferReply {
  if (!onCandidate) return { ok: true, sdp };
  const addCandidates: AddCandidates = (candidates) => connection.addCandidates(candidates);
  return { ok: true, sdp, addCandidates };
}

function refuse(reason: AccessRefusal): Extract<OfferReply, { ok: false }> {
  return { ok: false, reason };
}

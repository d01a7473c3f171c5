import { within } from '../../hal/common/asynchrony.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { FactsFor } from '../admission/facts.ts';
import type { OnCandidate, OpenPeer, Peer, PeerState } from '../media-link/peer.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import type { CommandRefusal, RobotMessage } from '../wire/control.ts';
import { ALIVE_TIMEOUT_MS } from '../wire/limits.ts';
import type { Candidate } from '../wire/trickle.ts';
import { type AnyCommand, type Channel, CommandGate } from './command-gate.ts';

/** How often the time since the last message is checked. */
const WATCH_MS = 250;
/** Time limit for answering an SDP offer. */
const ANSWER_MS = 5_000;
/** At most this many refusals a second are answered, so that a flood causes no flood of replies. */
const ANSWERED_REFUSALS_PER_S = 10;

export interface ConnectionListener {
  /** The pupil is present: connected, or noteHeard again after silence. */
  onThere(): void;
  /** The pupil is gone, possibly temporarily. */
  onGone(why: PeerState | 'silent'): void;
  /** `receivedAtMs`: arrival time on the monotonic clock. */
  onCommand(command: AnyCommand, receivedAtMs: number): void;
  /** The facts by which its commands are judged. */
  facts(): FactsFor<'pointing'>;
}

/** One connection of one pupil: peer, command gate, liveness. */
export class Connection {
  private readonly peer: Peer;
  private readonly gate: CommandGate;
  private readonly watch: Timer;
  private lastHeardMs: number | undefined;
  private present = false;
  private closed = false;
  private answered = { sinceMs: 0, count: 0 };

  constructor(
    openPeer: OpenPeer,
    private readonly clock: Clock,
    refusals: RefusalLog,
    private readonly listener: ConnectionListener,
  ) {
    this.gate = new CommandGate(clock, refusals);
    this.peer = openPeer({
      onState: (state) => this.onState(state),
      onMessage: (channel, text, bytes) => this.onMessage(channel, text, bytes),
    });
    this.watch = clock.every(WATCH_MS, () => this.checkSilence());
  }

  /** The first offer, or a further one. When it cannot be answered, rejects and changes nothing. */
  async answer(offerSdp: string, onCandidate?: OnCandidate): Promise<string> {
    if (this.closed) throw new Error('the connection is closed');
    return within(this.clock, ANSWER_MS, this.peer.answer(offerSdp, onCandidate), () => {
      throw new Error(`offer not answered within ${ANSWER_MS} ms`);
    });
  }

  /** Candidates that the pupil's device found after its offer. */
  addCandidates(candidates: readonly Candidate[]): void {
    if (!this.closed) this.peer.addCandidates(candidates);
  }

  /** Connected, and noteHeard from recently. */
  get isThere(): boolean {
    return this.present;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** The peer to which the media process sends picture and sound. */
  get media(): Peer {
    return this.peer;
  }

  send(message: RobotMessage): void {
    if (!this.closed) this.peer.send(JSON.stringify(message));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.watch.cancel();
    this.peer.close();
  }

  private onState(state: PeerState): void {
    if (this.closed) return;
    if (state === 'connected') this.noteHeard();
    else if (state !== 'connecting') this.gone(state);
    // Not closed by us: the transport is gone, and an ICE restart cannot recover it.
    if (state === 'closed') this.close();
  }

  private onMessage(channel: Channel, text: string | undefined, bytes: number): void {
    if (this.closed) return;
    const receivedAtMs = this.clock.now();
    // Even a refused message proves that the pupil is present.
    this.noteHeard();
    const verdict = this.gate.judge(channel, text, bytes, this.listener.facts());
    if (verdict.ok) this.listener.onCommand(verdict.command, receivedAtMs);
    else this.answerRefusal(channel, verdict.seq, verdict.reason);
  }

  private answerRefusal(channel: Channel, seq: number, reason: CommandRefusal): void {
    // Stale look messages are normal on the unordered channel.
    if (channel === 'look' && reason === 'stale') return;
    const now = this.clock.now();
    if (now - this.answered.sinceMs >= 1_000) this.answered = { sinceMs: now, count: 0 };
    this.answered.count += 1;
    if (this.answered.count <= ANSWERED_REFUSALS_PER_S) this.send({ kind: 'refused', seq, reason });
  }

  private noteHeard(): void {
    this.lastHeardMs = this.clock.now();
    if (this.present) return;
    this.present = true;
    this.listener.onThere();
  }

  private gone(why: PeerState | 'silent'): void {
    if (!this.present) return;
    this.present = false;
    this.listener.onGone(why);
  }

  private checkSilence(): void {
    if (this.present && this.clock.now() - (this.lastHeardMs ?? 0) > ALIVE_TIMEOUT_MS)
      this.gone('silent');
  }
}

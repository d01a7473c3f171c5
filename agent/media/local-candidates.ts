import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { OnCandidate } from '../media-link/peer.ts';
import { type Candidate, candidateOf } from '../wire/trickle.ts';
import type { NativeCalls } from './native-calls.ts';

/**
 * How long an answer waits for candidates. The robot's own addresses are found `early`, and then need
 * no message of their own; one that must hold all waits for gathering to be complete (`whole`) and,
 * when there is none at all by then, for the `first`: nothing goes without.
 */
const WAIT_MS = { early: 8, whole: 1_500, first: 4_000 } as const;

/** The library's own number for a server that it cannot reach over one of the robot's addresses. */
const UNREACHABLE = 701;

/**
 * What the library finds of the robot's own addresses, for one local description. Gathering may
 * take 40 s before it calls itself complete (a relay that an interface cannot reach is asked for
 * that long), so nothing ever waits for that. Made before the description is set.
 */
export class LocalCandidates {
  private readonly found: Candidate[] = [];
  private complete = false;
  private onChange: () => void = () => {};
  private readonly refused = new Set<string>();

  constructor(
    private readonly connection: RTCPeerConnection,
    private readonly clock: Clock,
    private readonly log: Log,
    calls: NativeCalls,
  ) {
    // Only events count: before a restart, gathering is complete for the description before.
    connection.onicecandidate = calls.callback(
      'candidate found',
      ({ candidate }: RTCPeerConnectionIceEvent) => this.take(candidate),
    );
    connection.onicecandidateerror = calls.callback(
      'candidate refused',
      (error: RTCPeerConnectionIceErrorEvent) => this.sayRefused(error),
    );
    connection.onicegatheringstatechange = calls.callback('gathering', () => this.look());
  }

  /** The answer with what there is in a moment; `onCandidate` hears of all that is not in it. */
  async early(onCandidate: OnCandidate): Promise<string> {
    await this.until(WAIT_MS.early, () => this.complete);
    const sdp = this.sdp();
    // Taken over in one turn: nothing is found in between.
    let said = 0;
    let ended = false;
    const say = (): void => {
      for (const candidate of this.found.slice(said))
        if (!sdp.includes(transportOf(candidate))) onCandidate(candidate);
      said = this.found.length;
      if (!this.complete || ended) return;
      ended = true;
      onCandidate(undefined);
    };
    this.onChange = say;
    say();
    return sdp;
  }

  /** The answer with all candidates inside, or those that are found in a bearable time. */
  async whole(): Promise<string> {
    await this.until(WAIT_MS.whole, () => this.complete);
    await this.until(WAIT_MS.first - WAIT_MS.whole, () => this.complete || this.found.length > 0);
    return this.sdp();
  }

  private take(candidate: RTCIceCandidate | null): void {
    const found = candidate?.candidate ? candidateOf(candidate) : undefined;
    if (found) this.found.push(found);
    this.look();
  }

  /**
   * Once a server and code (RFC 8489, 14.8; RFC 8656, 19): without this a relay that is full or that
   * does not know the robot looks like a network that lets nothing through.
   */
  private sayRefused({ url, errorCode, errorText }: RTCPeerConnectionIceErrorEvent): void {
    const name = `${url} ${errorCode}`;
    if (this.refused.has(name)) return;
    this.refused.add(name);
    const facts = { server: url, code: errorCode, text: errorText };
    // A server by IPv4 asked from an IPv6 address, or the other way round.
    if (errorText.includes('incompatible'))
      this.log.debug(facts, 'STUN or TURN server passed over');
    else if (errorCode === UNREACHABLE) this.log.info(facts, 'STUN or TURN server out of reach');
    else this.log.warn(facts, 'STUN or TURN server refused');
  }

  private look(): void {
    if (this.connection.iceGatheringState === 'complete') this.complete = true;
    this.onChange();
  }

  private until(ms: number, done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.after(ms, resolve);
      this.onChange = () => {
        if (!done()) return;
        timer.cancel();
        resolve();
      };
      this.onChange();
    });
  }

  private sdp(): string {
    const sdp = this.connection.localDescription?.sdp;
    if (!sdp) throw new Error('WebRTC: expected a local description after answering');
    return sdp;
  }
}

/** Foundation to port: what follows is written differently in a description. */
function transportOf({ candidate }: Candidate): string {
  return candidate.split(' ').slice(0, 6).join(' ');
}

import { within } from '../../hal/common/asynchrony.ts';
import type { Signer } from '../wire/token.ts';
import { AccessError } from './api.ts';
import type { Call } from './call.ts';
import type { ClientClock } from './client-clock.ts';
import type { SignallingConnection } from './signalling-connection.ts';
import type { Challenged, Offer, SignallingHandshake } from './signalling-handshake.ts';

/** A signalling connection that brings no challenge within this time is dead, and opened anew. */
const LINE_MS = 1_500;
const FRESH_LINE_MS = 5_000;

/**
 * A browser leaves a way 2.5 s after it last heard of it at the soonest, and a second after it found
 * another (libwebrtc, P2PTransportChannel): a further restart in this time only throws that away.
 */
const YOUNG_MS = 4_000;

interface IceRestarterParts {
  readonly clock: ClientClock;
  readonly signer: Promise<Signer>;
  /** `fresh`: not by the connection that there is. */
  readonly reach: (fresh: boolean) => Promise<SignallingConnection>;
  /** Sends an offer of the call; the robot's answer. */
  readonly exchange: (
    call: Call,
    handshake: SignallingHandshake,
    signer: Signer,
    offer: Offer,
  ) => Promise<string>;
}

/** `busy`: another one is under way. `gone`: the robot does not know the call any more. */
type RestartOutcome = 'answered' | 'failed' | 'gone' | 'busy';

/**
 * Looks for new ways for a call (ICE restart over signalling): DTLS, channels and session stay what
 * they are, and the old way is used until a new one is found.
 */
export class IceRestarter {
  private busy = false;
  /** The network changed in the middle of it: what was found is of the one before. */
  private again = false;
  private answered: { readonly call: Call; readonly atMs: number } | undefined;

  constructor(private readonly parts: IceRestarterParts) {}

  /** How long what the last restart found should be given yet; 0 when another one may help. */
  youngForMs(call: Call): number {
    if (this.answered?.call !== call) return 0;
    return Math.max(0, this.answered.atMs + YOUNG_MS - this.parts.clock.now());
  }

  /** Never rejects. */
  async restartIce(call: Call, fresh: boolean): Promise<RestartOutcome> {
    if (this.busy) {
      this.again ||= fresh;
      return 'busy';
    }
    this.busy = true;
    let outcome = await this.once(call, fresh);
    while (this.again && outcome !== 'gone') {
      this.again = false;
      outcome = await this.once(call, true);
    }
    this.busy = false;
    this.again = false;
    return outcome;
  }

  private async once(call: Call, fresh: boolean): Promise<RestartOutcome> {
    try {
      await this.restart(call, fresh);
      this.answered = { call, atMs: this.parts.clock.now() };
      return 'answered';
    } catch (error) {
      await call.dropRestart();
      const gone = error instanceof AccessError && error.reason === 'staleChallenge';
      return gone ? 'gone' : 'failed';
    }
  }

  private async restart(call: Call, fresh: boolean): Promise<void> {
    const signer = await this.parts.signer;
    const { handshake, challenge, iceServers } = await this.hello(signer, fresh);
    const sdp = await call.restart(iceServers);
    const offer = { challenge, sdp, trickle: true, restart: true };
    await call.takeRestart(await this.parts.exchange(call, handshake, signer, offer));
  }

  private async hello(
    signer: Signer,
    fresh: boolean,
  ): Promise<Challenged & { handshake: SignallingHandshake }> {
    const { clock, reach } = this.parts;
    const late = (): never => {
      throw new AccessError('noAnswer', 'the signalling connection is dead');
    };
    const ask = async (anew: boolean): Promise<Challenged & { handshake: SignallingHandshake }> => {
      const { handshake } = await reach(anew);
      return { handshake, ...(await handshake.challenge(signer)) };
    };
    if (fresh) return within(clock, FRESH_LINE_MS, ask(true), late);
    return within(clock, LINE_MS, ask(false), late).catch(() =>
      within(clock, FRESH_LINE_MS, ask(true), late),
    );
  }
}

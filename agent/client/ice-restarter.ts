import { within } from '../../hal/common/asynchrony.ts';
import type { Signer } from '../wire/token.ts';
import { AccessError } from './api.ts';
import type { Call } from './call.ts';
import type { ClientClock } from './client-clock.ts';
import type { SignallingConnection } from './signalling-connection.ts';
import type { Challenged, Offer, SignallingHandshake } from './signalling-handshake.ts';

/** A signalling connection without a challenge within this time is dead and is reopened. */
const LINE_MS = 1_500;
const FRESH_LINE_MS = 5_000;

/**
 * A browser leaves a path at the earliest 2.5 s after its last packet and 1 s after finding
 * another (libwebrtc, P2PTransportChannel): a further restart in this time only throws that away.
 */
const YOUNG_MS = 4_000;

interface IceRestarterParts {
  readonly clock: ClientClock;
  readonly signer: Promise<Signer>;
  /** `fresh`: over a new signalling connection. */
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
 * Finds a new path for a call (ICE restart over signalling): DTLS, channels and session stay what
 * they are, and the old path is used until a new one is found.
 */
export class IceRestarter {
  private busy = false;
  /** The network changed during the restart: its candidates belong to the previous network. */
  private again = false;
  private answered: { readonly call: Call; readonly atMs: number } | undefined;

  constructor(private readonly parts: IceRestarterParts) {}

  /** Time left to the candidates of the last restart; 0 when another restart may help. */
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

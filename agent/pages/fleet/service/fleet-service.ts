/**
 * The fleet service as the page asks it: the client that the command has too, for whoever is signed
 * in. Methods reject with FleetProblem.
 */
import type { Clock } from '../../../../hal/ports/clock.ts';
import { FleetApi } from '../../../fleet-client/fleet-api.ts';
import type { Fetch } from '../../../fleet-client/fleet-http.ts';
import { FleetProblem } from '../../../fleet-client/fleet-problem.ts';
import type { Signer } from '../../../wire/token.ts';
import type { Passport } from '../access/passport.ts';

export interface ServiceParts {
  readonly fetch: Fetch;
  readonly origin: string;
  readonly clock: Clock;
  /** 32 random hex digits. */
  readonly newId: () => string;
}

export interface Who {
  readonly passport: Passport;
  readonly signer: Signer;
}

interface Heard {
  /** Each time listening begins: what changed before has to be read anew. */
  readonly onOpen: () => void;
  readonly onRobot: (row: unknown) => void;
  readonly onGone: (id: string) => void;
  /** Each time listening ends. */
  readonly onAway: () => void;
}

/** How many entries of a robot's history a plot is drawn of. */
export const HISTORY_ITEMS = 1_000;

export class FleetService {
  private entered: FleetApi | undefined;

  constructor(private readonly parts: ServiceParts) {}

  /** Throws FleetProblem while nobody is signed in. */
  get api(): FleetApi {
    if (!this.entered) throw new FleetProblem('badLogin', 'nobody is signed in');
    return this.entered;
  }

  /** By a signed challenge; the key stays here. */
  async logIn({ passport, signer }: Who): Promise<void> {
    const { fetch, origin: server, clock: time, newId } = this.parts;
    const person = { fleet: passport.fleet, signer, chain: passport.chain };
    const api = new FleetApi({ server, person, fetch, time, newId });
    await api.login();
    this.entered = api;
  }

  /** The token is void at once. */
  async logOut(): Promise<void> {
    const { entered } = this;
    this.entered = undefined;
    await entered?.logout().catch(() => undefined);
  }

  /** Rows as they change, until `stop`. */
  listen(heard: Heard): { readonly stop: () => void } {
    const ending = new AbortController();
    void this.hear(this.api, heard, ending.signal);
    return { stop: () => ending.abort() };
  }

  private async hear(api: FleetApi, heard: Heard, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of api.live(signal)) {
        if (event.kind === 'connected') heard.onOpen();
        if (event.kind === 'robot') heard.onRobot(event.robot);
        if (event.kind === 'gone') heard.onGone(event.id);
        if (event.kind === 'disconnected') heard.onAway();
      }
    } catch {
      // A login that is refused now: what is shown is old.
      heard.onAway();
    }
  }
}

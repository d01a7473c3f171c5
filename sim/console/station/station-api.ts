import { PauseAnswer, StationStatus } from '../server/station-messages.ts';

/** What the station's web server says: asked, parsed, or undefined when it does not answer. */
export class StationApi {
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    /** What stands before its paths (shared/operator-base.ts). */
    private readonly base = '/',
  ) {}

  async status(): Promise<StationStatus | undefined> {
    return StationStatus.safeParse(await this.ask('GET', 'api/status')).data;
  }

  /** Pauses the lesson or goes on with it; undefined: it could not be done. */
  async pause(on: boolean): Promise<PauseAnswer | undefined> {
    return PauseAnswer.safeParse(await this.ask('POST', on ? 'api/pause' : 'api/go-on')).data;
  }

  private async ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    try {
      const answer = await this.fetch(`${this.base}${path}`, { method });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }
}

import { StationStatus } from '../server/station-messages.ts';

/** What the station's web server says: asked, parsed, or undefined when it does not answer. */
export class StationApi {
  constructor(private readonly fetch: typeof globalThis.fetch) {}

  async status(): Promise<StationStatus | undefined> {
    try {
      const answer = await this.fetch('/api/status');
      return answer.ok ? StationStatus.safeParse(await answer.json()).data : undefined;
    } catch {
      return undefined;
    }
  }
}

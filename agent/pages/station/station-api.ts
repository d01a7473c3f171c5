import { OperatorApi } from '../shared/operator-api.ts';
import { PauseAnswer, StationStatus } from './messages.ts';

/** The station's web server as its page asks it. */
export class StationApi extends OperatorApi {
  async status(): Promise<StationStatus | undefined> {
    return StationStatus.safeParse(await this.ask('GET', 'api/status')).data;
  }

  /** Pauses the lesson or goes on with it; undefined: it could not be done. */
  async pause(on: boolean): Promise<PauseAnswer | undefined> {
    return PauseAnswer.safeParse(await this.ask('POST', on ? 'api/pause' : 'api/go-on')).data;
  }
}

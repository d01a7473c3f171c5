import { OperatorApi } from '../../../agent/pages/shared/operator.ts';
import { SimStatus } from '../messages.ts';

export type { SimStatus };

/** The simulator's web server as its home page asks it. */
export class Simulator extends OperatorApi {
  async status(): Promise<SimStatus | undefined> {
    return SimStatus.safeParse(await this.ask('GET', 'api/status')).data;
  }
}

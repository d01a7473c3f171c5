/** What the web server says to the person beside the robot: asked, parsed, or undefined when it does not answer. */
import { z } from 'zod';

const Shown = z.object({
  link: z.url().max(2_000),
  /** Null for a link that leads other devices nowhere. */
  qrSvg: z.string().max(200_000).nullable(),
  expires: z.number(),
});
export type ShownInvitation = z.infer<typeof Shown>;

export class OperatorApi {
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    /** What stands before its paths (operator-base.ts). */
    readonly base = '/',
  ) {}

  /** `renew` makes the one before useless, used or not. */
  async invitation(renew: boolean): Promise<ShownInvitation | undefined> {
    return Shown.safeParse(await this.ask(renew ? 'POST' : 'GET', 'api/invitation')).data;
  }

  protected async ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    try {
      const answer = await this.fetch(`${this.base}${path}`, { method });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }
}

import { z } from 'zod';
import { StartedProgram } from '../../agent/host/testing/started-program.ts';
import { SimStatus } from '../console/messages.ts';

const Invitation = z.looseObject({ link: z.url() });

/** `make sim` as a person starts it. */
export class RunningSim {
  private constructor(private readonly program: StartedProgram) {}

  static async start(): Promise<RunningSim> {
    return new RunningSim(await StartedProgram.start('scripts/start-sim.mjs'));
  }

  /** The folder of what it remembers, and of its logs. */
  get state(): string {
    return this.program.state;
  }

  get address(): string {
    return this.program.printed('Open');
  }

  /** The link that was printed at the start. */
  get printedInvitation(): string {
    return this.program.printed('Invite');
  }

  /** Another invitation, as the coordinator makes one on the home page. */
  async invite(): Promise<string> {
    const reply = await fetch(new URL('api/invitation', this.address), {
      method: 'POST',
      headers: { origin: new URL(this.address).origin },
    });
    return Invitation.parse(await reply.json()).link;
  }

  async status(): Promise<SimStatus> {
    return SimStatus.parse(await this.program.status());
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}

import type { Clock } from '../../hal/ports/clock.ts';
import type { BodyLink } from '../body/body-link.ts';
import type { MediaLoop } from '../media/media-loop.ts';
import { inClass } from '../model/session-phase.ts';
import type { RobotMessage } from '../wire/control.ts';
import type { Choices } from './choices.ts';
import type { Connection } from './connection.ts';
import type { SessionState } from './machine.ts';
import type { Presets } from './presets.ts';
import { StateTeller } from './state-teller.ts';

export interface MirrorParts {
  readonly clock: Clock;
  readonly body: BodyLink;
  readonly media: MediaLoop;
  readonly presets: Presets;
}

/** What the pupil's page is told of the robot, while the pupil is in class. */
export class Mirror {
  private readonly teller: StateTeller;
  private connection: Connection | undefined;

  constructor(private readonly parts: MirrorParts) {
    this.teller = new StateTeller(parts.clock, (state) => this.connection?.send(state));
  }

  /** Whom to tell from now on; a page that has just come is told everything. */
  face(connection: Connection | undefined): void {
    this.connection = connection;
    this.teller.forget();
  }

  /** Call after anything may have changed; cheap when nothing has. */
  show(session: SessionState, choices: Choices): void {
    if (!inClass(session.name)) return;
    const { body, media, presets } = this.parts;
    const { camera, microphone, speaker } = media.devices;
    const devices = { camera, microphone, speaker };
    this.teller.update({ session, choices, presets: presets.all, body: body.body, ...devices });
  }

  tell(session: SessionState, message: RobotMessage): void {
    if (inClass(session.name)) this.connection?.send(message);
  }
}

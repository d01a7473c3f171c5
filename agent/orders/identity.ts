import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { Identity } from '../wire/order.ts';
import { type PublicJwk, TYP } from '../wire/signalling.ts';
import { type Signer, signToken } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';

interface IdentityParts {
  readonly robot: string;
  readonly time: TimeOfDay;
  readonly log: Log;
  readonly signer: () => Signer;
  readonly encryptionKey: () => PublicJwk;
  readonly fleet: () => string | undefined;
  readonly school: () => string | undefined;
  readonly consentUntilS: () => number;
}

/** Publishes who the robot is, retained, when it connects and at each change. */
export class IdentityPublisher {
  private broker: Broker | undefined;
  private said = '';

  constructor(private readonly parts: IdentityParts) {}

  publishTo(broker: Broker): void {
    this.broker = broker;
    broker.onConnected((connected) => {
      // The broker may have lost it.
      this.said = '';
      if (connected) this.publish();
    });
    if (broker.connected) this.publish();
  }

  stop(): void {
    this.broker = undefined;
  }

  /** No effect when nothing has changed since it was last published. */
  publish(): void {
    const { robot, encryptionKey, fleet, school, consentUntilS, signer } = this.parts;
    const what = {
      ...{ robot, encryptionKey: encryptionKey() },
      ...{ fleet: fleet() ?? null, school: school() ?? null, consentUntil: consentUntilS() },
    };
    const words = JSON.stringify([what, signer().jwk]);
    if (!this.broker?.connected || words === this.said) return;
    this.said = words;
    void this.send(this.broker, what).catch((error: unknown) => {
      this.said = '';
      this.parts.log.debug({ error: String(error) }, 'identity not published');
    });
  }

  private async send(broker: Broker, what: Omit<Identity, 'iat'>): Promise<void> {
    const { robot, time, signer } = this.parts;
    const iat = Math.max(0, Math.floor(time.now().wallMs / 1_000));
    const token = await signToken(signer(), TYP.identity, { ...what, iat });
    await broker.publish(topics.identity(robot), token, { retain: true });
  }
}

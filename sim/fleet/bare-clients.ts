import mqtt from 'mqtt';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { certify } from './fleet-people.ts';
import type { SwarmPlan } from './swarm-messages.ts';

const KEEPALIVE_S = 30;

/** Clients of the MQTT library with its own reconnection, and nothing else: what a robot costs above. */
export class BareClients {
  readonly ups: number[] = [];
  readonly ids: readonly string[] = [];
  readonly inLesson = 0;
  private readonly clients: mqtt.MqttClient[] = [];
  private readonly identities: { readonly cert: string; readonly key: string }[] = [];

  constructor(
    private readonly plan: SwarmPlan,
    private readonly real: Clock,
  ) {}

  get connected(): number {
    return this.clients.filter(({ connected }) => connected).length;
  }

  async prepare(): Promise<void> {
    const { tls, secrets, startWallMs } = this.plan;
    for (let n = 0; tls && n < this.plan.robots.length; n++)
      this.identities.push(
        ...(await certify(secrets, [{ kind: 'robot', id: this.nameOf(n) }], startWallMs)),
      );
  }

  async connect(): Promise<void> {
    const { robots, perSecond, url, secrets } = this.plan;
    const startMs = this.real.now();
    for (let n = 0; n < robots.length; n++) {
      const waitMs = startMs + (n * 1_000) / perSecond - this.real.now();
      if (waitMs > 1) await delay(this.real, waitMs);
      const client = mqtt.connect(url, {
        ...{ clientId: this.nameOf(n), keepalive: KEEPALIVE_S, protocolVersion: 5 },
        ...(this.identities[n] && { ca: secrets.rootCa.cert, ...this.identities[n] }),
      });
      client.on('connect', () => this.ups.push(this.real.wall()));
      client.on('error', () => {});
      this.clients.push(client);
    }
  }

  setOnline(): void {}
  jump(): void {}
  slowDisks(): void {}

  async stop(): Promise<readonly string[]> {
    await Promise.all(this.clients.map((client) => client.endAsync(true)));
    return [];
  }

  private nameOf(n: number): string {
    return this.plan.robots[n]?.id ?? 'bare';
  }
}

import { within } from '../../hal/common/asynchrony.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker, LastWill, OpenBroker } from './broker.ts';
import { withoutSecrets } from './broker-stream.ts';
import { type Link, type LinkEvent, STABLE_MS, stepLink, unlinked } from './link-machine.ts';
import { Connection, type Ending } from './mqtt-connection.ts';
import type { Dropped } from './packet-gauge.ts';
import type { LinkTrouble } from './trouble.ts';

/** A publication that the broker has not acknowledged by then is given back to its sender. */
export const PUBLISH_MS = 10_000;
/** At most this many publications wait at the same time; more are refused at once. */
export const MAX_WAITING = 64;
/** A subscription that the broker refused is asked for again after this. */
const DEAF_MS = 60_000;

interface MqttParts {
  readonly url: string;
  readonly clientId: string;
  /** PEM certificates to believe instead of the system's. */
  readonly ca?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1, for the jitter of reconnection. */
  readonly random: () => number;
  /** The broker brought what is not worth reading. */
  readonly onDropped?: (why: Dropped) => void;
}

/** The broker could not be reached in time, or too much waits for it already. */
export class BrokerOutOfReach extends Error {
  override readonly name = 'BrokerOutOfReach';
}

export function mqttBroker(parts: MqttParts): OpenBroker {
  return (will) => new MqttBroker(parts, will);
}

type Listener = (topic: string, payload: Uint8Array) => void;

/**
 * MQTT 5 or 3.1.1 over TCP, TLS or WebSocket. Reconnects for ever; link-machine.ts says when,
 * and what to tell people about it.
 */
class MqttBroker implements Broker {
  private readonly subscriptions = new Map<string, Listener>();
  private readonly listeners = new Set<(connected: boolean) => void>();
  private readonly troubleListeners = new Set<(trouble: LinkTrouble | undefined) => void>();
  private connection: Connection;
  private link: Link = unlinked;
  private waiting = 0;
  private retry: Timer | undefined;
  private lasting: Timer | undefined;
  private deaf: Timer | undefined;
  private closed = false;
  private up = false;

  constructor(
    private readonly parts: MqttParts,
    private readonly will: LastWill,
  ) {
    this.connection = this.connect();
  }

  get connected(): boolean {
    return this.up;
  }

  get trouble(): LinkTrouble | undefined {
    return this.link.trouble;
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onTrouble(listener: (trouble: LinkTrouble | undefined) => void): () => void {
    this.troubleListeners.add(listener);
    return () => this.troubleListeners.delete(listener);
  }

  async publish(
    topic: string,
    payload: string,
    { retain = false }: { retain?: boolean } = {},
  ): Promise<void> {
    if (this.closed) throw new BrokerOutOfReach(`${topic}: the connection was closed`);
    if (this.waiting >= MAX_WAITING)
      throw new BrokerOutOfReach(`${topic}: ${MAX_WAITING} publications wait already`);
    this.waiting += 1;
    try {
      await this.inTime(topic, (isLate) => this.keepPublishing(topic, payload, retain, isLate));
    } finally {
      this.waiting -= 1;
    }
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.subscriptions.set(topic, listener);
    if (this.connection.connected) await this.listen(this.connection);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.retry?.cancel();
    this.lasting?.cancel();
    this.deaf?.cancel();
    await this.connection.close();
  }

  private connect(): Connection {
    const { url, ca, clientId, clock, onDropped = () => {} } = this.parts;
    const connection: Connection = new Connection({
      place: { url, ...(ca !== undefined && { ca }) },
      ...{ clientId, clock, onDropped, will: this.will, version: this.link.version },
      onUp: () => void this.onUp(connection),
      onDown: (how) => this.onDown(how),
      onMessage: (topic, payload) => this.deliver(topic, payload),
    });
    return connection;
  }

  /** `connected` is said when the subscriptions stand: who then speaks can also hear the answer. */
  private async onUp(connection: Connection): Promise<void> {
    this.step({ type: 'up' });
    this.lasting = this.parts.clock.after(STABLE_MS, () => this.step({ type: 'lasted' }));
    await this.listen(connection);
    if (!connection.connected || this.up || this.closed) return;
    this.up = true;
    const { url } = this.parts;
    const { version } = this.link;
    this.parts.log.info({ broker: withoutSecrets(url), version }, 'connected to the broker');
    this.tell();
  }

  private async listen(connection: Connection): Promise<void> {
    const topics = [...this.subscriptions.keys()];
    if (topics.length === 0) return;
    try {
      await connection.subscribe(topics);
      if (this.link.trouble?.kind === 'subscription')
        this.step({ type: 'deaf', trouble: undefined });
    } catch (error) {
      if (!connection.connected) return;
      const why = `the broker does not let this robot hear its topic: ${String(error)}`;
      this.step({ type: 'deaf', trouble: { kind: 'subscription', why } });
      this.deaf?.cancel();
      this.deaf = this.parts.clock.after(DEAF_MS, () => {
        if (connection.connected) void this.listen(connection);
      });
    }
  }

  private onDown(how: Ending): void {
    this.lasting?.cancel();
    this.deaf?.cancel();
    if (this.up) {
      this.up = false;
      this.parts.log.warn({ broker: withoutSecrets(this.parts.url) }, 'broker lost');
      this.tell();
    }
    if (this.closed) return;
    const retryMs = this.step({ type: 'down', ...how });
    this.retry?.cancel();
    this.retry = this.parts.clock.after(retryMs, () => {
      this.connection = this.connect();
    });
  }

  /** Resolves with the pause before the next try. Each new trouble is said once. */
  private step(event: LinkEvent): number {
    const { clock, log, random, url } = this.parts;
    const before = this.link.trouble;
    const { link, retryMs = 0 } = stepLink(this.link, event, clock.now(), random());
    this.link = link;
    const { trouble } = link;
    if (trouble?.kind === before?.kind) return retryMs;
    if (trouble) log.warn({ broker: withoutSecrets(url), ...trouble }, 'trouble with the broker');
    for (const listener of [...this.troubleListeners]) listener(trouble);
    return retryMs;
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.up);
  }

  private deliver(topic: string, payload: Uint8Array): void {
    for (const [pattern, listener] of this.subscriptions)
      if (matches(pattern, topic)) listener(topic, payload);
  }

  /** Once more over the next connection, when one ends before the broker has acknowledged. */
  private async keepPublishing(
    topic: string,
    payload: string,
    retain: boolean,
    isLate: () => boolean,
  ): Promise<void> {
    for (;;) {
      await this.whenUp();
      if (isLate()) return;
      const { connection } = this;
      try {
        await connection.publish(topic, payload, retain);
        return;
      } catch (error) {
        // Refused by a broker that is there: it would refuse again.
        if (connection.connected || this.closed) throw error;
      }
    }
  }

  private whenUp(): Promise<void> {
    // One that ends just now is told a moment later.
    if (this.up && this.connection.connected) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const settle = (): void => {
        off();
        late.cancel();
        resolve();
      };
      const off = this.onConnected((connected) => connected && settle());
      const late = this.parts.clock.after(PUBLISH_MS, settle);
    });
  }

  private async inTime(
    topic: string,
    act: (isLate: () => boolean) => Promise<void>,
  ): Promise<void> {
    let isLate = false;
    await within(
      this.parts.clock,
      PUBLISH_MS,
      act(() => isLate),
      () => {
        isLate = true;
        throw new BrokerOutOfReach(`${topic}: not acknowledged within ${PUBLISH_MS} ms`);
      },
    );
  }
}

/** `+` stands for one level; that is all the wildcards we use. */
function matches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  return (
    wanted.length === levels.length &&
    wanted.every((level, i) => level === '+' || level === levels[i])
  );
}

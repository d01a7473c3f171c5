import { within } from '../../hal/common/asynchrony.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker, LastWill, OpenBroker } from './broker.ts';
import { type ClientIdentity, withoutSecrets } from './broker-stream.ts';
import {
  type Link,
  type LinkEvent,
  type Phase,
  STABLE_MS,
  stepLink,
  stepPhase,
  unlinked,
} from './link-machine.ts';
import { Connection, type Ending } from './mqtt-connection.ts';
import type { Dropped } from './packet-gauge.ts';
import type { LinkTrouble } from './trouble.ts';

/** A publication that is not acknowledged within this is rejected. */
export const PUBLISH_MS = 10_000;
/** Maximum number of pending publications; further ones are rejected at once. */
export const MAX_WAITING = 64;
/** Delay before a refused subscription is requested again. */
const RESUBSCRIBE_MS = 60_000;

interface MqttParts {
  readonly url: string;
  readonly clientId: string;
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string;
  /** For mutual TLS. Asked for at each connection, so that a renewed certificate is used. */
  readonly identity?: () => ClientIdentity | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1, for the jitter of reconnection. */
  readonly random: () => number;
  /** The broker sent something that was dropped. */
  readonly onDropped?: (why: Dropped) => void;
}

/** The broker was not reached in time, or too many publications are pending. */
export class BrokerOutOfReach extends Error {
  override readonly name = 'BrokerOutOfReach';
}

export function mqttBroker(parts: MqttParts): OpenBroker {
  return (will) => new MqttBroker(parts, will);
}

type Listener = (topic: string, payload: Uint8Array) => void;

/**
 * MQTT 5 or 3.1.1 over TCP, TLS or WebSocket. Reconnects for ever; link-machine.ts decides when,
 * and what to report.
 */
class MqttBroker implements Broker {
  private readonly subscriptions = new Map<string, Listener>();
  private readonly listeners = new Set<(connected: boolean) => void>();
  private readonly troubleListeners = new Set<(trouble: LinkTrouble | undefined) => void>();
  private connection: Connection;
  private link: Link = unlinked;
  private phase: Phase = 'connecting';
  /** Depending on the phase: until the next attempt, or until the connection is stable. */
  private phaseTimer: Timer | undefined;
  private resubscribeTimer: Timer | undefined;
  private pendingPublishes = 0;

  constructor(
    private readonly parts: MqttParts,
    private readonly will: LastWill,
  ) {
    this.connection = this.connect();
  }

  get connected(): boolean {
    return this.phase === 'connected' || this.phase === 'closing';
  }

  private get closed(): boolean {
    return this.phase === 'closing' || this.phase === 'closed';
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
    if (this.pendingPublishes >= MAX_WAITING)
      throw new BrokerOutOfReach(`${topic}: ${MAX_WAITING} publications wait already`);
    this.pendingPublishes += 1;
    try {
      await this.withTimeout(topic, (isLate) => this.retryPublish(topic, payload, retain, isLate));
    } finally {
      this.pendingPublishes -= 1;
    }
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.subscriptions.set(topic, listener);
    if (this.connection.connected) await this.subscribeAll(this.connection);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.phase = stepPhase(this.phase, 'close');
    this.phaseTimer?.cancel();
    this.resubscribeTimer?.cancel();
    await this.connection.close();
  }

  private connect(): Connection {
    const { url, ca, clientId, clock, onDropped = () => {} } = this.parts;
    const identity = this.parts.identity?.();
    const connection: Connection = new Connection({
      place: { url, ...(ca !== undefined && { ca }), ...(identity && { identity }) },
      ...{ clientId, clock, onDropped, will: this.will, version: this.link.version },
      onUp: () => void this.onUp(connection),
      onDown: (how) => this.onDown(how),
      onMessage: (topic, payload) => this.deliver(topic, payload),
    });
    return connection;
  }

  /** `connected` is reported after the subscriptions, so that answers can be received. */
  private async onUp(connection: Connection): Promise<void> {
    this.phase = stepPhase(this.phase, 'accepted');
    this.step({ type: 'up' });
    this.phaseTimer = this.parts.clock.after(STABLE_MS, () => this.step({ type: 'lasted' }));
    await this.subscribeAll(connection);
    if (!connection.connected || this.phase !== 'subscribing') return;
    this.phase = stepPhase(this.phase, 'subscribed');
    const { url } = this.parts;
    const { version } = this.link;
    this.parts.log.info({ broker: withoutSecrets(url), version }, 'connected to the broker');
    this.notifyConnected();
  }

  private async subscribeAll(connection: Connection): Promise<void> {
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
      this.resubscribeTimer?.cancel();
      this.resubscribeTimer = this.parts.clock.after(RESUBSCRIBE_MS, () => {
        if (connection.connected) void this.subscribeAll(connection);
      });
    }
  }

  private onDown(how: Ending): void {
    this.phaseTimer?.cancel();
    this.resubscribeTimer?.cancel();
    const wasConnected = this.connected;
    this.phase = stepPhase(this.phase, 'ended');
    if (wasConnected) {
      this.parts.log.warn({ broker: withoutSecrets(this.parts.url) }, 'broker lost');
      this.notifyConnected();
    }
    if (this.closed) return;
    const retryMs = this.step({ type: 'down', ...how });
    this.phaseTimer = this.parts.clock.after(retryMs, () => {
      this.phase = stepPhase(this.phase, 'retry');
      this.connection = this.connect();
    });
  }

  /** Resolves with the pause before the next attempt. Each new trouble is reported once. */
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

  private notifyConnected(): void {
    for (const listener of this.listeners) listener(this.connected);
  }

  private deliver(topic: string, payload: Uint8Array): void {
    for (const [pattern, listener] of this.subscriptions)
      if (matches(pattern, topic)) listener(topic, payload);
  }

  /** Retries over the next connection when one ends before the broker has acknowledged. */
  private async retryPublish(
    topic: string,
    payload: string,
    retain: boolean,
    isLate: () => boolean,
  ): Promise<void> {
    for (;;) {
      await this.whenConnected();
      if (isLate()) return;
      const { connection } = this;
      try {
        await connection.publish(topic, payload, retain);
        return;
      } catch (error) {
        // Rejected while connected: it would be rejected again.
        if (connection.connected || this.closed) throw error;
      }
    }
  }

  private whenConnected(): Promise<void> {
    // A connection that is just ending is reported a moment later.
    if (this.connected && this.connection.connected) return Promise.resolve();
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

  private async withTimeout(
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

/** `+` matches one level; we use no other wildcard. */
function matches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  return (
    wanted.length === levels.length &&
    wanted.every((level, i) => level === '+' || level === levels[i])
  );
}

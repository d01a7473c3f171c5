import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import mqtt from 'mqtt';
import { within } from '../../hal/common/asynchrony.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { LastWill } from './broker.ts';
import { type BrokerPlace, credentialsOf, openBrokerStream } from './broker-stream.ts';
import { GaugedStream } from './gauged-stream.ts';
import type { MqttVersion } from './link-machine.ts';
import { type Dropped, LONGEST_PACKET } from './packet-gauge.ts';
import {
  type LinkTrouble,
  troubleOfCode,
  troubleOfError,
  unacknowledged,
  unanswered,
  unspoken,
} from './trouble.ts';

const KEEPALIVE_S = 30;
/** Time limit from the first packet to CONNACK, also for a half-open connection. */
const CONNECT_MS = 10_000;
/** Fixed header (first byte, length), part of Maximum Packet Size (MQTT 5, 3.1.2.11.4). */
const HEADER = 5;
/** Number of unacknowledged messages the broker may send (MQTT 5). */
const RECEIVE_MAXIMUM = 20;
/** Time limit of SUBACK; without subscriptions it is better to reconnect. */
const SUBSCRIBE_MS = 10_000;
/** Limit of unacknowledged publications: the broker drops them while memory grows here. */
const MOST_UNANSWERED = 64;
/** MQTT 5, 3.2.2.3.3: Receive Maximum of a server that names none. */
const ANY_NUMBER = 65_535;
/** Maximum bytes of a PUBLISH besides topic and payload. */
const PUBLISH_EXTRA = HEADER + 5;
/** Time limit of an orderly disconnect. */
const CLOSE_MS = 500;

interface ConnectionParts {
  readonly place: BrokerPlace;
  readonly clientId: string;
  readonly version: MqttVersion;
  readonly will: LastWill;
  readonly clock: Clock;
  readonly onUp: () => void;
  /** Called once, whether it was up or not. */
  readonly onDown: (how: Ending) => void;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onDropped: (why: Dropped) => void;
}

export interface Ending {
  readonly trouble: LinkTrouble | undefined;
  /** The other side ended the stream in order. */
  readonly politely: boolean;
  /** The other side ended it, in order or not. */
  readonly cutOff: boolean;
  /** The stream was connected. */
  readonly reached: boolean;
}

/** One connection to the broker, from connecting to its end. Each attempt makes a new one. */
export class Connection {
  private readonly client: mqtt.MqttClient;
  private trouble: LinkTrouble | undefined;
  private politely = false;
  private cutOff = false;
  private reached = false;
  private greeted = false;
  private ended = false;
  private hungUp = false;
  /** Remaining send quota (MQTT 5, 4.9); `queue` waits for it. */
  private sendQuota = ANY_NUMBER;
  private longest = Number.POSITIVE_INFINITY;
  private unanswered = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly parts: ConnectionParts) {
    const { clientId, version, will, place } = parts;
    this.client = new mqtt.MqttClient(() => this.openStream(), {
      ...{ clientId, keepalive: KEEPALIVE_S, connectTimeout: CONNECT_MS },
      ...{ protocolId: 'MQTT', protocolVersion: version, clean: true },
      ...credentialsOf(place.url),
      ...(version === 5 && {
        properties: { maximumPacketSize: LONGEST_PACKET + HEADER, receiveMaximum: RECEIVE_MAXIMUM },
      }),
      // The owner does both: it knows when to retry and which topics matter.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    });
    this.client.on('connect', ({ properties = {} }) => {
      this.greeted = true;
      this.sendQuota = properties.receiveMaximum || ANY_NUMBER;
      this.longest = properties.maximumPacketSize || Number.POSITIVE_INFINITY;
      parts.onUp();
    });
    // After both, the library would go on, with a broker that has gone and a parser out of sync.
    this.client.on('disconnect', ({ reasonCode = 0, properties }) => {
      this.politely = true;
      this.cutOff = true;
      this.hangUp(reasonCode === 0 ? undefined : troubleOfCode(reasonCode, properties));
    });
    this.client.on('error', (error) => this.hangUp(troubleOfError(error)));
    this.client.on('message', (topic, payload) => parts.onMessage(topic, payload));
    this.client.on('close', () => this.end());
  }

  get connected(): boolean {
    return this.client.connected && !this.hungUp;
  }

  /** Rejects when the broker refuses any of them, or the connection ends first. */
  async subscribe(topics: string[]): Promise<void> {
    const late = this.parts.clock.after(SUBSCRIBE_MS, () => this.hangUp(unanswered));
    try {
      await this.client.subscribeAsync(topics, { qos: 1 });
    } finally {
      late.cancel();
    }
  }

  /**
   * Resolves when the broker has acknowledged; rejects when the message exceeds the broker's
   * maximum packet size, or the connection ends first. In-flight messages stay within the send
   * quota.
   */
  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    const bytes = Buffer.byteLength(topic) + Buffer.byteLength(payload) + PUBLISH_EXTRA;
    if (bytes > this.longest)
      throw new Error(`${topic}: ${bytes} bytes, and the broker takes ${this.longest} at most`);
    if (this.unanswered >= MOST_UNANSWERED) this.hangUp(unacknowledged);
    this.unanswered += 1;
    await this.takeQuota();
    try {
      if (!this.connected) throw new Error(`${topic}: the connection has ended`);
      await this.client.publishAsync(topic, payload, { qos: 1, retain });
    } finally {
      this.unanswered = 0;
      const next = this.queue.shift();
      if (next) next();
      else this.sendQuota += 1;
    }
  }

  /** Sends DISCONNECT if connected. */
  async close(): Promise<void> {
    const gone = this.client.endAsync(!this.client.connected).catch(() => {});
    await within(this.parts.clock, CLOSE_MS, gone, () => {});
  }

  private openStream(): Duplex {
    const { place, clock, onDropped } = this.parts;
    const raw = openBrokerStream(place);
    for (const event of ['connect', 'secureConnect', 'data'])
      raw.once(event, () => {
        this.reached = true;
      });
    raw.once('end', () => {
      this.politely = true;
      this.cutOff = true;
    });
    raw.once('error', (error) => {
      this.cutOff ||= 'code' in error && error.code === 'ECONNRESET';
    });
    const stream = new GaugedStream(raw, clock, onDropped);
    // The library passes on only some errors.
    stream.on('error', (error) => this.blame(troubleOfError(error)));
    return stream;
  }

  private takeQuota(): Promise<void> {
    if (this.sendQuota === 0) return new Promise((resolve) => this.queue.push(resolve));
    this.sendQuota -= 1;
    return Promise.resolve();
  }

  private hangUp(trouble: LinkTrouble | undefined): void {
    if (trouble) this.blame(trouble);
    this.hungUp = true;
    this.client.stream.destroy();
  }

  /** The first trouble is the cause; later ones follow from it. */
  private blame(trouble: LinkTrouble): void {
    this.trouble ??= trouble;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    const { politely, cutOff, reached } = this;
    const silent = reached && !this.greeted && (this.trouble?.kind ?? 'lost') === 'lost';
    const trouble = silent ? unspoken : this.trouble;
    // Rejects pending acknowledgements and ends the library's timers.
    this.client.end(true);
    this.parts.onDown({
      ...{ trouble, politely: politely && trouble === undefined, cutOff, reached },
    });
  }
}

/** What every MQTT 3.1.1 server must accept ([MQTT-3.1.3-5]); many refuse more. */
const MAX_CLIENT_ID = 23;
const PREFIX = 'deskmate';

/**
 * The MQTT client id: `deskmate` and 15 hex digits (60 bits) of the SHA-256 of the robot's id.
 * Constant for a robot, so that a broker replaces a dead connection by a newer one. No state is
 * kept under it: sessions are clean, and retained messages belong to topics.
 */
export function robotClientId(robot: string): string {
  const digest = createHash('sha256').update(robot).digest('hex');
  return PREFIX + digest.slice(0, MAX_CLIENT_ID - PREFIX.length);
}

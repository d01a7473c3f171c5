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
/** From the first packet to the broker's greeting; a half-open connection ends with it. */
const CONNECT_MS = 10_000;
/** First byte and length, which the limit that a broker is told includes (MQTT 5, 3.1.2.11.4). */
const HEADER = 5;
/** Messages that may come without being acknowledged (MQTT 5). */
const RECEIVE_MAXIMUM = 20;
/** A subscription that is not answered by then never is, and who cannot hear is better off anew. */
const SUBSCRIBE_MS = 10_000;
/** Of these publications none was acknowledged: the broker lets them go, and they are kept here. */
const MOST_UNANSWERED = 64;
/** MQTT 5, 3.2.2.3.3: what a server that names no number can take. */
const ANY_NUMBER = 65_535;
/** Of a PUBLISH, what comes beside topic and payload at most. Bytes. */
const PUBLISH_EXTRA = HEADER + 5;
/** An orderly goodbye is not worth more than this. */
const CLOSE_MS = 500;

interface ConnectionParts {
  readonly place: BrokerPlace;
  readonly clientId: string;
  readonly version: MqttVersion;
  readonly will: LastWill;
  readonly clock: Clock;
  readonly onUp: () => void;
  /** Told once, whether it was up or not. */
  readonly onDown: (how: Ending) => void;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onDropped: (why: Dropped) => void;
}

export interface Ending {
  readonly trouble: LinkTrouble | undefined;
  /** The other side ended the stream in order. */
  readonly politely: boolean;
  /** Somebody took the connection. */
  readonly reached: boolean;
}

/** One connection to the broker, from the first try to its end. A new one is made for each try. */
export class Connection {
  private readonly client: mqtt.MqttClient;
  private trouble: LinkTrouble | undefined;
  private politely = false;
  private reached = false;
  private greeted = false;
  private over = false;
  private hungUp = false;
  /** Publications that the broker may have at one time, and those that wait for one of them. */
  private room = ANY_NUMBER;
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
      // Both are done by the owner, who knows what is worth a try and which topics matter.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    });
    this.client.on('connect', ({ properties = {} }) => {
      this.greeted = true;
      this.room = properties.receiveMaximum || ANY_NUMBER;
      this.longest = properties.maximumPacketSize || Number.POSITIVE_INFINITY;
      parts.onUp();
    });
    // The library goes on after both, with a broker that does not and a parser that is lost.
    this.client.on('disconnect', ({ reasonCode = 0, properties }) => {
      this.politely = true;
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
   * Resolves when the broker has acknowledged; rejects when it would not take a message so long, or
   * the connection ends first. No more than the broker has room for are on their way.
   */
  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    const bytes = Buffer.byteLength(topic) + Buffer.byteLength(payload) + PUBLISH_EXTRA;
    if (bytes > this.longest)
      throw new Error(`${topic}: ${bytes} bytes, and the broker takes ${this.longest} at most`);
    if (this.unanswered >= MOST_UNANSWERED) this.hangUp(unacknowledged);
    this.unanswered += 1;
    await this.turn();
    try {
      if (!this.connected) throw new Error(`${topic}: the connection has ended`);
      await this.client.publishAsync(topic, payload, { qos: 1, retain });
    } finally {
      this.unanswered = 0;
      const next = this.queue.shift();
      if (next) next();
      else this.room += 1;
    }
  }

  /** Says goodbye when there is somebody to say it to. */
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
    });
    const stream = new GaugedStream(raw, clock, onDropped);
    // The library passes on only some of them.
    stream.on('error', (error) => this.blame(troubleOfError(error)));
    return stream;
  }

  private turn(): Promise<void> {
    if (this.room === 0) return new Promise((resolve) => this.queue.push(resolve));
    this.room -= 1;
    return Promise.resolve();
  }

  private hangUp(trouble: LinkTrouble | undefined): void {
    if (trouble) this.blame(trouble);
    this.hungUp = true;
    this.client.stream.destroy();
  }

  /** What came first is the reason, the rest follows from it. */
  private blame(trouble: LinkTrouble): void {
    this.trouble ??= trouble;
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    const { politely, reached } = this;
    const mute = reached && !this.greeted && (this.trouble?.kind ?? 'lost') === 'lost';
    const trouble = mute ? unspoken : this.trouble;
    // Whoever waits for an acknowledgement is told, and the library's timers end.
    this.client.end(true);
    this.parts.onDown({ trouble, politely: politely && trouble === undefined, reached });
  }
}

/** What every MQTT 3.1.1 server must take ([MQTT-3.1.3-5]); many refuse more. */
const MAX_CLIENT_ID = 23;
const PREFIX = 'deskmate';

/**
 * The robot's name to the broker: `deskmate` and 15 hex digits (60 bits) of the SHA-256 of its id.
 * Always the same for one robot, so that a broker sees a newer connection take the place of one that
 * died unnoticed. Nothing is kept under the name: sessions are clean, and what is retained hangs on
 * topics.
 */
export function robotClientId(robot: string): string {
  const digest = createHash('sha256').update(robot).digest('hex');
  return PREFIX + digest.slice(0, MAX_CLIENT_ID - PREFIX.length);
}

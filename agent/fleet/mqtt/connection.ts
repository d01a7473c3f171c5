import type { Duplex } from 'node:stream';
import mqtt from 'mqtt';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { LastWill } from '../broker.ts';
import { type BrokerPlace, credentialsOf, openBrokerStream } from './broker-stream.ts';
import { GaugedStream } from './gauged-stream.ts';
import type { MqttVersion } from './link-machine.ts';
import { type Dropped, LONGEST_PACKET } from './packet-gauge.ts';
import { type LinkTrouble, troubleOfCode, troubleOfError, unspoken } from './trouble.ts';

const KEEPALIVE_S = 30;
/** From the first packet to the broker's greeting; a half-open connection ends with it. */
const CONNECT_MS = 10_000;
/** First byte and length, which the limit that a broker is told includes (MQTT 5, 3.1.2.11.4). */
const HEADER = 5;
/** Messages that may come without being acknowledged (MQTT 5). */
const RECEIVE_MAXIMUM = 20;
/** An orderly goodbye is not worth more than this. */
const CLOSE_MS = 500;

export interface ConnectionParts {
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
    this.client.on('connect', () => {
      this.greeted = true;
      parts.onUp();
    });
    this.client.on('disconnect', ({ reasonCode = 0 }) => {
      if (reasonCode !== 0) this.blame(troubleOfCode(reasonCode));
    });
    this.client.on('error', (error) => this.blame(troubleOfError(error)));
    this.client.on('message', (topic, payload) => parts.onMessage(topic, payload));
    this.client.on('close', () => this.end());
  }

  get connected(): boolean {
    return this.client.connected;
  }

  /** Rejects when the broker refuses any of them, or the connection ends first. */
  async subscribe(topics: string[]): Promise<void> {
    await this.client.subscribeAsync(topics, { qos: 1 });
  }

  /** Resolves when the broker has acknowledged; rejects when the connection ends first. */
  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    await this.client.publishAsync(topic, payload, { qos: 1, retain });
  }

  /** Says goodbye when there is somebody to say it to. */
  async close(): Promise<void> {
    const gone = this.client.endAsync(!this.client.connected).catch(() => {});
    const late = new Promise<void>((resolve) => {
      this.parts.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([gone, late]);
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

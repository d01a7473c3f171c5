import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { RefusalCounters } from '../model/refusal-counters.ts';
import type { FleetTrust } from '../wire/grant.ts';
import { RecordAck, verifyRecordAck } from '../wire/record-ack.ts';
import { topics } from '../wire/topics.ts';

/** An acknowledgement of 256 ids with its grants is about 16 KiB. */
const MAX_ACK_BYTES = 48 * 1_024;
/** Acknowledgements verified or waiting at one time: a flood costs no more. */
const MAX_PENDING = 8;

interface RecordAcksParts {
  readonly robot: string;
  readonly log: Log;
  readonly refusals: RefusalCounters;
  /** Undefined: the robot is in no fleet. */
  readonly trust: () => FleetTrust | undefined;
  readonly onStored: (ids: readonly string[]) => Promise<void>;
}

/** Hears from the fleet service which records it has stored. Believes its signature only. */
export class RecordAcks {
  private pending = 0;

  constructor(private readonly parts: RecordAcksParts) {}

  listenTo(broker: Broker): void {
    const { robot, log } = this.parts;
    broker
      .subscribe(topics.recordAck(robot), (_topic, payload) => this.onAck(payload))
      .catch((error) => log.debug({ error: String(error) }, 'not hearing acknowledgements yet'));
  }

  private onAck(payload: Uint8Array): void {
    if (this.pending >= MAX_PENDING) this.refuse('tooMany');
    else if (payload.byteLength > MAX_ACK_BYTES) this.refuse('tooLong');
    else void this.take(new TextDecoder().decode(payload));
  }

  private async take(text: string): Promise<void> {
    this.pending += 1;
    try {
      await this.read(text);
    } catch (error) {
      this.parts.log.warn({ error: String(error) }, 'an acknowledgement was not kept');
    } finally {
      this.pending -= 1;
    }
  }

  private async read(text: string): Promise<void> {
    const { robot, trust, onStored } = this.parts;
    const trusted = trust();
    const ack = parseAck(text);
    if (!ack) return this.refuse('malformed');
    if (!trusted) return this.refuse('noFleet');
    const verdict = await verifyRecordAck(ack, { ...trusted, robot });
    if (!verdict.ok) return this.refuse(verdict.reason);
    await onStored(verdict.ids);
  }

  private refuse(reason: string): void {
    this.parts.refusals.count('recordAck', reason);
  }
}

function parseAck(text: string): RecordAck | undefined {
  try {
    return RecordAck.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

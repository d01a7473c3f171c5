/** Tells robots which records are stored, end to end: signed by the service's key, in batches. */
import { type RecordAck, signRecordAck } from '../../../agent/wire/record-ack.ts';
import type { Signer } from '../../../agent/wire/token.ts';
import { topics } from '../../../agent/wire/topics.ts';
import { messageOf } from '../../../hal/common/errors.ts';
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';

/** agent/wire/record-ack.ts */
const MOST_IDS = 256;
/** A robot hears of its records within this. */
const GATHER_MS = 500;

/** Who the service is: its key and the grants that make it one. */
export interface ServiceIdentity {
  readonly fleet: string;
  /** Thumbprint of the fleet's root key. */
  readonly root: string;
  readonly signer: Signer;
  readonly chain: readonly string[];
}

interface AcknowledgerParts {
  readonly identity: ServiceIdentity;
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** From the first record of a batch to the broker's word that it has the acknowledgement. */
  readonly onAcknowledged?: (ms: number) => void;
}

interface Waiting {
  readonly ids: Set<string>;
  readonly sinceMs: number;
}

export class Acknowledger {
  private readonly waiting = new Map<string, Waiting>();
  private timer: Timer | undefined;

  constructor(private readonly parts: AcknowledgerParts) {}

  /** The records are on disk. */
  add(records: readonly { readonly robot: string; readonly id: string }[]): void {
    for (const { robot, id } of records) {
      const now = this.parts.clock.now();
      const waiting = this.waiting.get(robot) ?? { ids: new Set(), sinceMs: now };
      this.waiting.set(robot, waiting);
      waiting.ids.add(id);
      if (waiting.ids.size >= MOST_IDS) void this.send(robot);
    }
    if (this.waiting.size > 0)
      this.timer ??= this.parts.clock.after(GATHER_MS, () => void this.flush());
  }

  /** Sends all that waits. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await Promise.all([...this.waiting.keys()].map((robot) => this.send(robot)));
  }

  /** An acknowledgement that is lost is no harm: the robot sends the record again. */
  private async send(robot: string): Promise<void> {
    const waiting = this.waiting.get(robot);
    if (!waiting) return;
    this.waiting.delete(robot);
    const ids = [...waiting.ids];
    const { identity, publish, log, clock, onAcknowledged } = this.parts;
    try {
      const ack = await signRecordAck(identity.signer, { fleet: identity.fleet, robot, ids });
      const message: RecordAck = { ack, chain: [...identity.chain] };
      await publish(topics.recordAck(robot), JSON.stringify(message));
      onAcknowledged?.(clock.now() - waiting.sinceMs);
    } catch (error) {
      log.info({ robot, records: ids.length, error: messageOf(error) }, 'not acknowledged yet');
    }
  }
}

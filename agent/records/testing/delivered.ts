import type { Clock } from '../../../hal/ports/clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import type { Broker } from '../../broker/broker.ts';
import { RecordDelivery, type RecordSource } from '../record-delivery.ts';

export interface Delivered {
  publishTo(broker: Broker): void;
  /** The fleet service has stored these. */
  stored(ids: readonly string[]): Promise<void>;
}

/** A source of records with a delivery of its own, which ends with it. */
export function delivered<T extends RecordSource & { stop?(): void }>(
  clock: Clock,
  make: (onRecord: () => void) => T,
  confirmed = false,
): T & Delivered {
  const source = make(() => delivery.send());
  const delivery = new RecordDelivery({
    ...{ clock, log: silentLog, random: () => 0.5, sources: [source] },
    confirmed: () => confirmed,
  });
  const stop = source.stop?.bind(source);
  return Object.assign(source, {
    publishTo: (broker: Broker) => delivery.publishTo(broker),
    stored: (ids: readonly string[]) => delivery.stored(ids),
    stop(): void {
      delivery.stop();
      stop?.();
    },
  });
}

import { expect, it } from 'vitest';
import { type Network, type NetworkState, unknownNetwork } from '../ports/network.ts';
import { type Bench, contract, settled } from './bench.ts';

interface NetworkBench extends Bench {
  readonly network: Network;
  /** Signal of the joined access point, where the bench has one. */
  signal?(percent: number): void;
  /** Ends the services behind the port and starts them again, where the bench can. */
  service?(running: boolean): Promise<void>;
}

/** A change is told by then; a slow machine included. */
const TELL_MS = 3_000;

/** The promises of the Network port. */
export const networkContract = contract<NetworkBench>('network', (bench) => {
  const until = async (it: NetworkBench, holds: (state: NetworkState) => boolean) => {
    for (let waited = 0; waited < TELL_MS && !holds(it.network.read()); waited += 20)
      await it.pass(20);
    expect(holds(it.network.read())).toBe(true);
  };

  it(
    'gives a state that can be, at once; nothing known is one',
    bench(async (it) => {
      const possible = ({ wifi, modem, primary }: NetworkState): void => {
        for (const one of [wifi, modem]) {
          if (!one) continue;
          expect(one.signalPercent).toBeGreaterThanOrEqual(0);
          expect(one.signalPercent).toBeLessThanOrEqual(100);
        }
        if (primary) expect(primary.name).not.toBe('');
      };
      possible(it.network.read());
      await it.pass(100);
      possible(it.network.read());
      if (!it.network.present) expect(it.network.read()).toEqual(unknownNetwork);
    }),
  );

  it(
    'tells everyone who listens of a change, as long as they do',
    bench(async (it) => {
      if (!it.signal) return;
      await until(it, ({ wifi }) => wifi !== null);
      const told: number[][] = [[], []];
      const [endOne] = told.map((list) =>
        it.network.onChange(({ wifi }) => list.push(wifi?.signalPercent ?? -1)),
      );
      it.signal(31);
      await until(it, ({ wifi }) => wifi?.signalPercent === 31);
      endOne?.();
      endOne?.();
      it.signal(32);
      await until(it, ({ wifi }) => wifi?.signalPercent === 32);
      expect(told[0]?.at(-1)).toBe(31);
      expect(told[1]?.at(-1)).toBe(32);
    }),
  );

  it(
    'knows nothing while its service is away, and all again afterwards',
    bench(async (it) => {
      if (!it.service) return;
      await until(it, ({ connectivity }) => connectivity !== 'unknown');
      const before = it.network.read();
      await it.service(false);
      await until(it, (state) => JSON.stringify(state) === JSON.stringify(unknownNetwork));
      await it.service(true);
      await until(it, (state) => JSON.stringify(state) === JSON.stringify(before));
    }),
  );

  it(
    'closes twice and tells nothing afterwards',
    bench(async (it) => {
      let told = 0;
      it.network.onChange(() => {
        told += 1;
      });
      await settled(it, it.network.close());
      await settled(it, it.network.close());
      const before = told;
      it.signal?.(77);
      await it.pass(300);
      expect(told).toBe(before);
    }),
  );
});

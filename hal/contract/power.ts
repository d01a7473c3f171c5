import { expect, it } from 'vitest';
import type { BatteryGauge, Thermometer, Watchdog } from '../ports/body.ts';
import { type Bench, contract, failsAndRecovers, settled } from './bench.ts';

export interface GaugeBench extends Bench {
  readonly battery: BatteryGauge;
  /** Plugs the charger in or out, where the bench has one. */
  charger?(plugged: boolean): Promise<void>;
}

/** The promises of the BatteryGauge port. */
export const batteryGaugeContract = contract<GaugeBench>('battery gauge', (bench) => {
  it(
    'gives percent, volts and status that can be; neutral ones without a battery',
    bench(async (it) => {
      const reading = await settled(it, it.battery.read());
      if (!it.battery.present) {
        expect(reading).toEqual({ percent: 100, volts: 0, status: 'full' });
        return;
      }
      expect(reading.percent).toBeGreaterThanOrEqual(0);
      expect(reading.percent).toBeLessThanOrEqual(100);
      expect(reading.volts).toBeGreaterThan(2.5);
      expect(reading.volts).toBeLessThan(30);
      expect(['charging', 'discharging', 'full', 'unknown']).toContain(reading.status);
    }),
  );

  it(
    'sees the charger come and go',
    bench(async (it) => {
      if (!it.charger) return;
      await it.charger(true);
      await it.pass(50);
      expect(['charging', 'full']).toContain((await settled(it, it.battery.read())).status);
      await it.charger(false);
      await it.pass(50);
      expect((await settled(it, it.battery.read())).status).toBe('discharging');
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.battery.read()])),
  );
});

interface ThermometerBench extends Bench {
  readonly thermometer: Thermometer;
}

/** The promises of the Thermometer port. */
export const thermometerContract = contract<ThermometerBench>('thermometer', (bench) => {
  it(
    'gives degrees Celsius',
    bench(async (it) => {
      const celsius = await settled(it, it.thermometer.readCelsius());
      expect(celsius).toBeGreaterThanOrEqual(-40);
      expect(celsius).toBeLessThanOrEqual(150);
      if (!it.thermometer.present) expect(celsius).toBe(25);
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.thermometer.readCelsius()])),
  );
});

export interface WatchdogBench extends Bench {
  readonly watchdog: Watchdog;
  /** Whether the board was reset since the last kick, where a reset can be survived. */
  bitten?(): boolean;
}

/** The promises of the Watchdog port. */
export const watchdogContract = contract<WatchdogBench>('watchdog', (bench) => {
  it(
    'has a timeout that kicks can keep',
    bench(async (it) => {
      expect(it.watchdog.timeoutMs).toBeGreaterThanOrEqual(500);
      expect(it.watchdog.timeoutMs).toBeLessThanOrEqual(120_000);
    }),
  );

  it(
    'does nothing before the first kick',
    bench(async (it) => {
      if (!it.bitten) return;
      await it.pass(it.watchdog.timeoutMs * 2);
      expect(it.bitten()).toBe(false);
    }),
  );

  it(
    'waits while it is kicked and resets the board when kicks stop',
    bench(async (it) => {
      if (!it.bitten) return;
      for (let kick = 0; kick < 4; kick++) {
        await settled(it, it.watchdog.kick());
        await it.pass(it.watchdog.timeoutMs * 0.6);
        expect(it.bitten()).toBe(false);
      }
      await it.pass(it.watchdog.timeoutMs);
      expect(it.bitten()).toBe(true);
    }),
  );

  it(
    'is disarmed by close, at any time and twice',
    bench(async (it) => {
      await settled(it, it.watchdog.close());
      await settled(it, it.watchdog.kick()).catch(() => {});
      await settled(it, it.watchdog.close());
      if (!it.bitten) return;
      await it.pass(it.watchdog.timeoutMs * 2);
      expect(it.bitten()).toBe(false);
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench(async (it) => {
      await failsAndRecovers(it, [() => it.watchdog.kick()]);
      await settled(it, it.watchdog.close());
    }),
  );
});

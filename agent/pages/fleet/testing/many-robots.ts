/** Robots in the store of a service, as if they had said so: plausible, the same each time. */
import type { FleetStore } from '../../../../scripts/fleet/store/store.ts';

const SCHOOLS = ['norra', 'sodra', 'berg', 'dal', 'haven', 'linden', 'meer', 'zand'] as const;
const STATES = [
  'ready',
  'sleeping',
  'ready',
  'live',
  'ready',
  'lost',
  'sleeping',
  'ready',
] as const;
const BATCH = 1_000;

export async function addRobots(store: FleetStore, count: number, nowMs: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => index);
  const idOf = (index: number): string => `av-${String(index + 1).padStart(5, '0')}`;
  const schoolOf = (index: number): string => SCHOOLS[index % SCHOOLS.length] ?? 'norra';
  const rows = all.map((index) => ({
    ...{ id: idOf(index), school: schoolOf(index), robotKey: null },
    name: index % 3 === 0 ? `Kiosk ${index + 1}` : null,
  }));
  await store.robots.put(rows, nowMs);
  for (let from = 0; from < count; from += BATCH) {
    const some = all.slice(from, from + BATCH);
    const latest = some.flatMap((index) => {
      const robot = idOf(index);
      const state = index % 97 === 0 ? 'alert' : (STATES[index % STATES.length] ?? 'ready');
      const faults = state === 'alert' ? ['eyes'] : [];
      const since = nowMs - (index % 600) * 60_000;
      const said = { state, faults, version: '0.3.1', since };
      const telemetry = {
        ...{ robot, at: since, upSeconds: 60, batteryPercent: (index * 37) % 101, computerC: 50 },
        ...{ servoC: 30, faults: [], refused: {}, charging: index % 5 === 0 },
      };
      const received = since;
      return [
        { robot, kind: 'state', received, body: JSON.stringify(said) },
        { robot, kind: 'telemetry', received, body: JSON.stringify(telemetry) },
      ];
    });
    const seen = new Map(some.map((index) => [idOf(index), nowMs - (index % 600) * 60_000]));
    await store.intake.store({
      ...{ records: [], history: [], answers: [] },
      ...{ latest: latest as never, seen },
    });
  }
}

/** `make fleet`: service, broker and 30 robots in 4 schools with a term of usage behind them. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../hal/ports/clock.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { type FleetSecrets, foundFleet } from '../../sim/fleet/fleet-people.ts';
import { plausibleTerm } from '../fleet/demo/plausible-term.ts';
import { openStore } from '../fleet/store/store.ts';
import { FLEET, openRig, type Rig } from './rig.ts';

const SCHOOLS = 4;
const SEED = 30;
const WEEKS = 16;
const ZONE = 'Europe/Amsterdam';
const DAY_MS = 86_400_000;
/** Where the schools of the made-up term are; their names are made up too. */
const PLACES: Readonly<Record<string, { name: string; latitude: number; longitude: number }>> = {
  norra: { name: 'Norra skolan', latitude: 59.35, longitude: 18.06 },
  'de-linde': { name: 'De Linde', latitude: 52.09, longitude: 5.12 },
  eken: { name: 'Ekenskolan', latitude: 57.71, longitude: 11.97 },
  'het-anker': { name: 'Het Anker', latitude: 51.92, longitude: 4.48 },
};

export interface DemoOptions {
  /** Fewer in tests. */
  readonly robots: number;
  /** Of the fleet page; 0: any free one. */
  readonly port: number;
  /** Keys, robots' disks and store: the same fleet at the next start. */
  readonly folder: string;
  readonly swarmScript: string;
}

export interface Demo {
  readonly url: string;
  /** File with the key and the grants of somebody of the central team. */
  readonly keyFile: string;
  readonly rig: Rig;
}

export async function openDemo(
  { robots, port, folder, swarmScript }: DemoOptions,
  clock: Clock,
  log: Log = silentLog,
): Promise<Demo> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets = await keptSecrets(path.join(folder, 'secrets.json'), clock.wall());
  const keyFile = path.join(folder, 'central.json');
  keep(keyFile, { fleet: FLEET, root: secrets.root, ...secrets.central });
  const term = termBefore(clock.wall(), robots);
  const rows = term.input.robots.map(({ robot, school }) => ({ id: robot, school }));
  await fillStore(path.join(folder, 'fleet.db'), term, clock, log);
  const rig = await openRig(
    {
      ...{ robots: rows, processes: 1, seed: SEED, tls: false, profile: 'week', speed: 1 },
      ...{ startWallMs: clock.wall(), perSecond: 20, disk: path.join(folder, 'robots') },
      ...{ secrets, service: true, httpPort: port, folder, swarmScript },
    },
    clock,
    log,
  );
  rig.swarm.connect();
  return { url: `http://127.0.0.1:${rig.service?.port}/`, keyFile, rig };
}

function termBefore(nowMs: number, robots: number) {
  // 1970-01-05 was a Monday: whole weeks that end before this one.
  const monday = Math.floor((Math.floor(nowMs / DAY_MS) - 4) / 7) * 7 + 4 - WEEKS * 7;
  const firstMonday = new Date(monday * DAY_MS).toISOString().slice(0, 10);
  return plausibleTerm({
    ...{ seed: SEED, robots, schools: SCHOOLS, zone: ZONE, firstMonday, weeks: WEEKS },
  });
}

/** Records have their ids: those that are there already are not stored twice. */
async function fillStore(
  file: string,
  { input }: ReturnType<typeof plausibleTerm>,
  clock: Clock,
  log: Log,
): Promise<void> {
  const store = await openStore(file, { clock, log });
  try {
    const robots = input.robots.map(({ robot: id, school }) => ({
      ...{ id, school, name: null, robotKey: null },
    }));
    await store.robots.put(robots, clock.wall());
    for (const school of new Set(robots.map(({ school: id }) => id))) {
      const place = PLACES[school];
      if (place) await store.robots.putSchool({ id: school, ...place });
    }
    const records = input.records.map(({ record, receivedAt }) => ({
      ...{ robot: record.robot, id: record.id, kind: 'usage' as const, at: record.start },
      ...{ received: receivedAt ?? record.end, body: JSON.stringify(record) },
    }));
    const nothing = { latest: [], history: [], answers: [], seen: new Map<string, number>() };
    for (let from = 0; from < records.length; from += 500)
      await store.intake.store({ ...nothing, records: records.slice(from, from + 500) });
  } finally {
    await store.close();
  }
}

async function keptSecrets(file: string, nowMs: number): Promise<FleetSecrets> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as FleetSecrets;
  const secrets = await foundFleet(FLEET, nowMs);
  keep(file, secrets);
  return secrets;
}

/** Private keys: for this user only. */
function keep(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** Broker, fleet service and simulated robots, joined; and what of the records reached the store. */
import path from 'node:path';
import type { Clock } from '../../hal/ports/clock.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { certify, type FleetSecrets, foundFleet, signerOf } from '../../sim/fleet/fleet-people.ts';
import { Swarm } from '../../sim/fleet/swarm.ts';
import type { SwarmPlan } from '../../sim/fleet/swarm-messages.ts';
import { builtPages } from '../fleet/built-pages.ts';
import { openFleetService, type RunningFleetService } from '../fleet/service.ts';
import type { FleetStore } from '../fleet/store/store.ts';
import { type RigBroker, startAedes, startMosquitto } from './brokers.ts';

export const FLEET = 'simulated';

/** `count` robots, in turns of `schools` schools. */
export function robotsOf(count: number, schools: number): SwarmPlan['robots'] {
  return Array.from({ length: count }, (_, n) => {
    const school = NAMES[n % schools] ?? `school-${(n % schools) + 1}`;
    return { id: `${school}-${String(n + 1).padStart(2, '0')}`, school };
  });
}
const NAMES = ['norra', 'de-linde', 'eken', 'het-anker'];

export interface RigOptions {
  readonly robots: SwarmPlan['robots'];
  readonly processes: number;
  readonly seed: number;
  /** Mosquitto with client certificates, instead of aedes without. */
  readonly tls: boolean;
  readonly profile: SwarmPlan['profile'];
  readonly speed: number;
  readonly startWallMs: number;
  readonly perSecond: number;
  readonly disk?: string;
  readonly gates?: boolean;
  readonly bare?: boolean;
  /** Without a service nothing is stored, and robots keep what they have. */
  readonly service: boolean;
  /** A fleet that exists; otherwise a new one. */
  readonly secrets?: FleetSecrets;
  /** 0: any free one. */
  readonly httpPort: number;
  /** Where store and broker have their files. */
  readonly folder: string;
  /** The bundle of swarm-main.ts. */
  readonly swarmScript: string;
}

export interface Rig {
  readonly secrets: FleetSecrets;
  readonly broker: RigBroker;
  readonly service: RunningFleetService | undefined;
  readonly swarm: Swarm;
  stop(): Promise<Outcome>;
}

/** Of the usage records that the robots promised. */
export interface Outcome {
  readonly promised: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  /** Still on robots' disks: neither stored nor lost. */
  readonly waiting: number;
}

export async function openRig(
  options: RigOptions,
  clock: Clock,
  log: Log = silentLog,
): Promise<Rig> {
  const { tls, folder, startWallMs, service: wanted, processes, swarmScript } = options;
  const secrets = options.secrets ?? (await foundFleet(FLEET, startWallMs));
  const broker = tls
    ? await startMosquitto(path.join(folder, 'broker'), secrets, clock)
    : await startAedes(clock);
  const service = wanted ? await serviceFor(options, secrets, broker, clock, log) : undefined;
  const { robots, seed, profile, speed, perSecond, disk, gates, bare } = options;
  const plan: SwarmPlan = {
    ...{ first: 0, robots, seed, url: broker.url, tls, secrets, profile },
    ...{ speed, startWallMs, perSecond },
    ...(disk !== undefined && { disk }),
    ...(gates && { gates }),
    ...(bare && { bare }),
  };
  const close = async (): Promise<void> => {
    await service?.stop();
    await broker.stop();
  };
  try {
    const swarm = await Swarm.prepare(swarmScript, plan, processes);
    return {
      ...{ secrets, broker, service, swarm },
      stop: async () => {
        const { ids, waiting } = await swarm.stop();
        const outcome = await outcomeOf(ids, waiting, service?.store);
        await close();
        return outcome;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serviceFor(
  { folder, httpPort, startWallMs }: RigOptions,
  secrets: FleetSecrets,
  broker: RigBroker,
  clock: Clock,
  log: Log,
): Promise<RunningFleetService> {
  const { fleet, root, service } = secrets;
  const holder = { kind: 'service', id: 'fleet' } as const;
  const [identity] = broker.url.startsWith('mqtts:')
    ? await certify(secrets, [holder], startWallMs)
    : [];
  const pages = builtPages();
  return openFleetService({
    identity: { fleet, root, signer: await signerOf(service), chain: service.chain },
    store: path.join(folder, 'fleet.db'),
    broker: {
      ...{ url: broker.url, instance: 'rig' },
      ...(identity && { tls: { ca: secrets.rootCa.cert, ...identity } }),
    },
    http: { port: httpPort, host: '127.0.0.1', ...(pages !== undefined && { pages }) },
    ...{ clock, log },
  });
}

const PAGE = 5_000;

/** Compares what robots promised with the store. */
export async function outcomeOf(
  ids: readonly string[],
  waiting: readonly string[],
  store: FleetStore | undefined,
): Promise<Outcome> {
  const stored = new Map<string, number>();
  for (let after: { at: number; robot: string; id: string } | undefined; store; ) {
    const page = await store.intake.records({
      kind: 'usage',
      limit: PAGE,
      ...(after && { after }),
    });
    for (const { id } of page) stored.set(id, (stored.get(id) ?? 0) + 1);
    after = page.at(-1);
    if (page.length < PAGE) break;
  }
  const held = new Set(waiting);
  return {
    ...{ promised: ids.length, stored: stored.size, waiting: held.size },
    lost: ids.filter((id) => !stored.has(id) && !held.has(id)).length,
    doubled: [...stored.values()].filter((times) => times > 1).length,
  };
}

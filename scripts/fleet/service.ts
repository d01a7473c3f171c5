/**
 * The fleet service: collects what robots say, passes on what people order, and answers people and
 * programs over HTTP. It keeps everything in its store, so that several run side by side.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { verifyChain } from '../../agent/wire/grant.ts';
import { thumbprint } from '../../agent/wire/token.ts';
import { messageOf } from '../../hal/common/errors.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import pkg from '../../package.json' with { type: 'json' };
import { Access } from './api/access.ts';
import { openApiDocument } from './api/openapi.ts';
import type { Route } from './api/route.ts';
import { routesOf } from './api/routes.ts';
import { openServer } from './api/server.ts';
import type { RouteParts } from './api/shared.ts';
import { type FleetView, fleetView } from './api/view.ts';
import { FleetLog } from './audit/fleet-log.ts';
import { Acknowledger, type ServiceIdentity } from './ingest/acknowledger.ts';
import { Dispatch } from './ingest/dispatch.ts';
import { type BrokerOptions, type FleetBroker, openFleetBroker } from './ingest/fleet-broker.ts';
import { Ingest } from './ingest/ingest.ts';
import { RobotKeys } from './ingest/robot-keys.ts';
import { type Job, Jobs } from './jobs/jobs.ts';
import { applyRetention, Retention } from './jobs/retention.ts';
import { Metrics } from './metrics/metrics.ts';
import { type FleetStore, openStore } from './store/store.ts';

const MINUTE_MS = 60_000;

export interface FleetServiceOptions {
  readonly identity: ServiceIdentity;
  /** `postgres://…`, or the path of an SQLite file. */
  readonly store: string;
  readonly broker: BrokerOptions;
  readonly http: {
    /** 0: any free one. */
    readonly port: number;
    readonly host: string;
    readonly tls?: { readonly key: string; readonly cert: string };
    /** Origins by which people open it, besides this machine's own. */
    readonly origins?: readonly string[];
    readonly behindProxy?: boolean;
    readonly metricsToken?: string;
    /** Folder of the built pages (dist/pages), to serve the fleet page at /fleet/. */
    readonly pages?: string;
  };
  readonly retention?: Partial<Retention>;
  readonly view?: FleetView;
  /** Further periodic jobs, such as renewing certificates. */
  readonly jobs?: readonly Job[];
  readonly clock: Clock;
  readonly log: Log;
}

export interface RunningFleetService {
  readonly port: number;
  readonly store: FleetStore;
  /** Stores what was received, and ends in order. */
  stop(): Promise<void>;
}

/** The identity is not what a fleet service needs: robots would believe nothing. */
export class WrongServiceIdentity extends Error {
  override readonly name = 'WrongServiceIdentity';
}

/** Throws WrongServiceIdentity, StoreUnavailable, StoreTooNew, or as `listen` does. */
export async function openFleetService(options: FleetServiceOptions): Promise<RunningFleetService> {
  const { identity, clock, log, view = fleetView, http } = options;
  const wall = (): number => clock.wall();
  await expectService(identity, wall());
  const store = await openStore(options.store, { clock, log });
  const metrics = new Metrics();
  const keys = new RobotKeys(store, identity);
  const fleetLog = new FleetLog({ store, identity, clock });
  const listeners = new Set<(robot: string) => void>();
  let broker: FleetBroker | undefined;
  const publish = async (topic: string, payload: string): Promise<void> => {
    if (!broker) throw new Error('the broker is out of reach');
    await broker.publish(topic, payload);
  };
  const onAcknowledged = (ms: number): void => metrics.acknowledged(ms);
  const acknowledger = new Acknowledger({ identity, clock, log, publish, onAcknowledged });
  const onAnswered = (ms: number): void => metrics.answered(ms);
  const dispatch = new Dispatch({ store, clock, log, publish, onAnswered });
  const ingest = new Ingest({
    ...{ store, keys, clock, log },
    listeners: {
      onStored: (records) => acknowledger.add(records),
      onAnswers: (answers) => dispatch.answered(answers),
      onAwake: (robots) => dispatch.robotsAwake(robots),
      onChange: ({ robot }) => {
        for (const listener of listeners) listener(robot);
      },
      count: metrics.ingest,
    },
  });
  const origins: string[] = [...(http.origins ?? [])];
  const access = new Access({ store, log: fleetLog, identity, origins, wall });
  let routes: readonly Route[] = [];
  const openApi = (): object => openApiDocument(routes, pkg.version);
  const parts: RouteParts = {
    ...{ store, identity, keys, log: fleetLog, dispatch, wall, access, metrics, view, openApi },
    health: async () => ({ store: await answers(store), broker: broker?.connected ?? false }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  routes = routesOf(parts);
  const { tls, behindProxy = false, metricsToken, pages } = http;
  const server = openServer({
    routes,
    access,
    metrics,
    clock,
    log,
    tls,
    behindProxy,
    metricsToken,
    pages,
  });
  const jobs = new Jobs({ store, clock, log, holder: randomBytes(8).toString('hex') });
  try {
    await server.listen({ port: http.port, host: http.host });
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port } = server.server.address() as AddressInfo;
  for (const host of ['localhost', '127.0.0.1'])
    origins.push(`${tls ? 'https' : 'http'}://${host}:${port}`);
  broker = openFleetBroker({
    ...{ options: options.broker, log },
    onMessage: (topic, payload) => ingest.take(topic, payload),
    onConnected: (connected) => metrics.service({ waiting: ingest.waiting, connected }),
  });
  const retention = Retention.parse(options.retention ?? {});
  const gauge = clock.every(15_000, () => {
    metrics.service({ waiting: ingest.waiting, connected: broker?.connected ?? false });
    count(parts).catch((error) => log.warn({ error: messageOf(error) }, 'robots not counted'));
  });
  jobs.start([
    { name: 'alerts', everyMs: MINUTE_MS, run: () => evaluateAlerts(parts) },
    { name: 'orders', everyMs: MINUTE_MS / 2, run: () => dispatch.repeat() },
    {
      ...{ name: 'retention', everyMs: 60 * MINUTE_MS },
      run: () => applyRetention(store, retention, wall()),
    },
    ...(options.jobs ?? []),
  ]);
  return {
    ...{ port, store },
    stop: async () => {
      gauge.cancel();
      await server.close();
      await jobs.stop();
      await ingest.stop();
      await acknowledger.flush();
      await broker?.close();
      await store.close();
    },
  };
}

async function expectService(identity: ServiceIdentity, nowMs: number): Promise<void> {
  const { fleet, root, chain, signer } = identity;
  const trust = { fleet, root, certainlyPastS: nowMs / 1_000, isRevoked: () => false };
  const verdict = await verifyChain(chain, trust);
  const why = verdict.ok
    ? verdict.authority.role === 'service' &&
      verdict.authority.key === (await thumbprint(signer.jwk))
      ? undefined
      : `its grant is of role ${verdict.authority.role}, or of another key`
    : verdict.reason;
  if (why !== undefined)
    throw new WrongServiceIdentity(
      `the service's grants do not make it the service of fleet ${fleet}: ${why}; ` +
        'let the fleet grant the role "service" to its key',
    );
}

const answers = (store: FleetStore): Promise<boolean> =>
  store.ping().then(
    () => true,
    () => false,
  );

async function evaluateAlerts({ store, view, wall, metrics }: RouteParts): Promise<void> {
  const now = wall();
  const facts = await store.robots.facts();
  const open = await store.alerts.list({ open: true, limit: Number.MAX_SAFE_INTEGER });
  const alerts = view.alerts(facts, open, now);
  await store.alerts.replaceOpen(alerts, now);
  metrics.setAlerts(alerts.map(({ kind }) => kind));
}

async function count({ store, metrics }: RouteParts): Promise<void> {
  const facts = await store.robots.facts();
  metrics.setRobots(
    facts.map(({ school, latest }) => {
      const said = JSON.parse(latest.state?.body ?? '{}');
      const { state = 'unknown', version = 'unknown' } = said;
      return { school: school ?? 'none', state: String(state), version: String(version) };
    }),
  );
}

/** Figures for Prometheus: of robots and the service, never of pupils. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { IngestCounters } from '../ingest/ingest.ts';

/** Values of a label beyond this become `other`: each one is a time series for ever. */
const MOST_VALUES = 100;

export interface RobotCount {
  readonly school: string;
  readonly state: string;
  readonly version: string;
}

export class Metrics {
  readonly registry = new Registry();
  private readonly robots = this.gauge('robots', 'Robots by state and school', 'state', 'school');
  private readonly versions = this.gauge('robot_versions', 'Robots by version', 'version');
  private readonly stored = this.counter('messages_stored_total', 'Messages stored', 'kind');
  private readonly doubled = this.counter(
    ...(['records_duplicate_total', 'Records that came again', 'kind'] as const),
  );
  private readonly refused = this.counter('messages_refused_total', 'Messages refused', 'reason');
  private readonly storeErrors = this.counter('store_errors_total', 'Failures of the store');
  private readonly requests = this.counter('requests_total', 'HTTP requests', 'route', 'status');
  private readonly waiting = this.gauge('messages_waiting', 'Messages not stored yet');
  private readonly connected = this.gauge('broker_connected', '1 while the broker is reached');
  private readonly alerts = this.gauge('alerts_open', 'Alerts that are open', 'kind');
  private readonly ackLag = this.histogram(
    ...(['ack_seconds', 'From receiving a record to acknowledging it'] as const),
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  private readonly orderLag = this.histogram(
    ...(['order_seconds', 'From an order to its answer'] as const),
    [0.1, 0.5, 1, 5, 30, 300, 3_600, 86_400],
  );

  readonly ingest: IngestCounters = {
    stored: (kind) => this.stored.inc({ kind }),
    duplicate: (kind) => this.doubled.inc({ kind }),
    refused: (reason) => this.refused.inc({ reason }),
    storeError: () => this.storeErrors.inc(),
  };

  request(route: string, status: number): void {
    this.requests.inc({ route, status: String(status) });
  }

  acknowledged(ms: number): void {
    this.ackLag.observe(ms / 1_000);
  }

  answered(ms: number): void {
    this.orderLag.observe(ms / 1_000);
  }

  service(now: { readonly waiting: number; readonly connected: boolean }): void {
    this.waiting.set(now.waiting);
    this.connected.set(now.connected ? 1 : 0);
  }

  setAlerts(kinds: readonly string[]): void {
    this.alerts.reset();
    for (const kind of kinds) this.alerts.inc({ kind });
  }

  setRobots(robots: readonly RobotCount[]): void {
    this.robots.reset();
    this.versions.reset();
    const school = bounded();
    const version = bounded();
    for (const robot of robots) {
      this.robots.inc({ state: robot.state, school: school(robot.school) });
      this.versions.inc({ version: version(robot.version) });
    }
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ ...this.named(name), help, labelNames });
  }

  private counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ ...this.named(name), help, labelNames });
  }

  private histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ ...this.named(name), help, buckets });
  }

  private named(name: string) {
    return { name: `deskmate_fleet_${name}`, registers: [this.registry] };
  }
}

function bounded(): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (!seen.has(value) && seen.size >= MOST_VALUES) return 'other';
    seen.add(value);
    return value;
  };
}

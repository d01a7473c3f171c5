/**
 * Whose signature counts for which robot: the key in the store, by an order to join or an import.
 * A robot that nobody told the service about proves its key by the first entry of its audit log.
 */
import { verifyAudit } from '../../../agent/wire/audit.ts';
import { Action, OrderPayload } from '../../../agent/wire/order.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import { openToken } from '../../../agent/wire/token.ts';
import type { FleetStore } from '../store/store.ts';

/** More ids than that are nobody's fleet: a flood of invented ones fills no store. */
const MAX_ROBOTS = 50_000;
/** How long another service may know more than this one. */
const FRESH_MS = 5_000;

interface Trust {
  readonly fleet: string;
  /** Thumbprint of the fleet's root key. */
  readonly root: string;
}

export class RobotKeys {
  private keys = new Map<string, string | null>();
  private former = new Set<string>();
  private readAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: FleetStore,
    private readonly trust: Trust,
  ) {}

  /** Reads them anew when that is due; adds robots that are heard for the first time. */
  async refresh(heard: Iterable<string>, nowMs: number, wallMs: number): Promise<void> {
    if (nowMs - this.readAtMs >= FRESH_MS) await this.read(nowMs);
    const strangers = [...new Set(heard)].filter((robot) => !this.keys.has(robot));
    const room = MAX_ROBOTS - this.keys.size;
    const added = strangers.slice(0, Math.max(0, room));
    if (added.length === 0) return;
    const rows = added.map((id) => ({ id, school: null, name: null, robotKey: null }));
    await this.store.robots.put(rows, wallMs);
    await this.read(nowMs);
  }

  isKnown(robot: string): boolean {
    return this.keys.has(robot);
  }

  /** Undefined while nobody vouches for any. */
  of(robot: string): string | undefined {
    return this.keys.get(robot) ?? undefined;
  }

  /** Of records: they may have been signed before the key was rotated. */
  accepts(robot: string, signer: string): boolean {
    return this.of(robot) === signer || this.former.has(`${robot}/${signer}`);
  }

  /** The robot's log says, signed by the key of until now, which one comes next. */
  async rotate(robot: string, from: string, to: string): Promise<void> {
    if (this.of(robot) !== from) return;
    await this.store.robots.rotateKey(robot, from, to);
    this.keys.set(robot, to);
    this.former.add(`${robot}/${from}`);
  }

  /** Learns the key from the first entry of the robot's audit log, if the root stands behind it. */
  async learn(robot: string, entry: string, wallMs: number): Promise<void> {
    const verdict = await verifyAudit([entry], this.trust);
    const first = verdict.ok ? verdict.entries[0] : undefined;
    if (first?.log !== robot || !first.evidence || !('order' in first.evidence)) return;
    const order = await openToken(first.evidence.order, TYP.order, OrderPayload);
    const join = order.ok ? Action.safeParse(order.payload.do).data : undefined;
    if (join?.kind !== 'join') return;
    const { school, robotKey } = join;
    await this.store.robots.put([{ id: robot, school, name: null, robotKey }], wallMs);
    this.keys.set(robot, robotKey);
  }

  /** For what changed in this service. */
  forget(): void {
    this.readAtMs = Number.NEGATIVE_INFINITY;
  }

  private async read(nowMs: number): Promise<void> {
    const robots = await this.store.robots.list();
    const former = await this.store.robots.formerKeys();
    this.former = new Set(former.map(({ robot, key }) => `${robot}/${key}`));
    this.keys = new Map(robots.map(({ id, robotKey }) => [id, robotKey]));
    this.readAtMs = nowMs;
  }
}

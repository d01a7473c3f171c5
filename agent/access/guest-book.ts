import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { judges, type Moment, stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import { AccessFault } from './access-fault.ts';
import { InvitationClocks } from './invitation-clocks.ts';
import { type Change, RecordStore } from './record-store.ts';
import {
  type DeviceRecord,
  dateInvitations,
  type InvitationRecord,
  isGuest,
  issueInvitation,
  type Judge,
  markTimes,
  type Records,
  type Redeemed,
  redeemInvitation,
  removeDevice,
  removeInvitation,
  type Standing,
  wiped,
} from './records.ts';

export interface GuestBookParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: TimeOfDay;
}

export interface InvitationView {
  readonly id: string;
  readonly state: Standing;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The dates are a guess: it counts by the robot's own beat, and ends when that is switched off. */
  readonly undated: boolean;
}

/** Null: the robot did not know what time it was, or it has not come yet. */
export interface DeviceView {
  readonly device: string;
  readonly boundAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface IssuedInvitation {
  readonly id: string;
  /** Seconds since 1970; a guess while the robot does not know what time it is. */
  readonly expires: number;
  readonly clockKnown: boolean;
}

export const MAX_INVITATION_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** When a device came last is written no more often than this. */
const NOTE_MS = 60_000;

type RedeemRefusal = Extract<Redeemed, { ok: false }>['reason'] | 'staleChallenge';

/** Who is invited and who is bound, kept on disk. Knows nothing of keys or signatures. */
export class GuestBook {
  private readonly revokedListeners = new Set<(device: string) => void>();
  private readonly changeListeners = new Set<() => void>();
  /** When devices were bound and came last, until that is on disk. Bounded by the bound devices. */
  private readonly bound = new Map<string, Moment>();
  private readonly used = new Map<string, Moment>();
  private noting: Timer | undefined;

  private constructor(
    private readonly parts: GuestBookParts,
    private readonly store: RecordStore,
    private readonly clocks: InvitationClocks,
  ) {}

  static async open(parts: GuestBookParts): Promise<GuestBook> {
    const store = await RecordStore.open(parts.storage, parts.log);
    const clocks = await InvitationClocks.open(parts.storage, parts.log);
    return new GuestBook(parts, store, clocks);
  }

  /** Whoever was bound is forgotten, as the file was damaged beyond its copy: invite anew. */
  get lost(): boolean {
    return this.store.lost;
  }

  /** Nobody relies on the robot's present keys. */
  get empty(): boolean {
    const { devices, invitations, strange } = this.store.current;
    const all = [...devices, ...invitations, ...strange.devices, ...strange.invitations];
    return !this.lost && all.length === 0;
  }

  /**
   * Writes down an invitation by the hash of its secret. While the robot does not know what time it
   * is, the invitation counts by the monotonic clock of this boot (invitation-clocks.ts).
   */
  async invite(secret: string, days: number): Promise<IssuedInvitation> {
    if (!(days > 0 && days <= MAX_INVITATION_DAYS))
      throw new AccessFault('badRequest', `days: expected 0-${MAX_INVITATION_DAYS}, got ${days}`);
    const { boot, monotonicMs, wallMs, trust } = this.parts.time.now();
    const clockKnown = judges(trust);
    const expires = Math.floor((wallMs + days * DAY_MS) / 1_000);
    const id = randomBytes(4).toString('hex');
    const expiresAt = clockKnown ? expires * 1_000 : wallMs;
    const dates = { issuedAt: wallMs, expiresAt, usedAt: null, usedBy: null };
    if (!clockKnown)
      await this.clocks.start(id, { boot, issuedMs: monotonicMs, lifeMs: days * DAY_MS });
    const kept = { id, hash: hashSecret(secret), ...dates };
    await this.change((records) => {
      const next = issueInvitation(records, kept, this.judge);
      if (!next)
        throw new AccessFault('full', 'Too many guests. Revoke a device or an invitation.');
      return { records: next, result: undefined };
    });
    await this.stopIdleClocks();
    this.parts.log.info({ invitation: id, expires, clockKnown }, 'invitation issued');
    return { id, expires, clockKnown };
  }

  invitations(): InvitationView[] {
    return this.store.current.invitations.map((one) => {
      const lifeMs = this.clocks.of(one.id)?.lifeMs;
      const { id, issuedAt } = one;
      const expiresAt = lifeMs === undefined ? one.expiresAt : issuedAt + lifeMs;
      return { id, state: this.judge(one), issuedAt, expiresAt, undated: lifeMs !== undefined };
    });
  }

  /** False when there is no such invitation. */
  revokeInvitation(id: string): Promise<boolean> {
    return this.change((records) => {
      const next = removeInvitation(records, id);
      const found = next.invitations.length < records.invitations.length;
      return { records: found ? next : undefined, result: found };
    });
  }

  /**
   * Uses up an invitation for a device, on disk before this resolves. `spendChallenge` is asked
   * last, when all else holds; undefined means done.
   */
  redeem(
    secret: string,
    device: Pick<DeviceRecord, 'device' | 'jwk'>,
    spendChallenge: () => boolean,
  ): Promise<RedeemRefusal | undefined> {
    const attempt = this.change<RedeemRefusal | undefined>((records) => {
      const now = this.parts.time.now();
      const at = { usedAt: now.wallMs, boundAt: judges(now.trust) ? now.wallMs : 0 };
      const redeemed = redeemInvitation(records, hashSecret(secret), device, this.judge, at);
      if (!redeemed.ok) return { result: redeemed.reason };
      if (!spendChallenge()) return { result: 'staleChallenge' };
      if (at.boundAt === 0) this.bound.set(device.device, now);
      return { records: redeemed.records, result: undefined };
    });
    return attempt.catch((error: unknown) => {
      this.parts.log.error({ error: String(error) }, 'binding could not be written to disk');
      return 'notAvailable';
    });
  }

  devices(): DeviceView[] {
    return this.store.current.devices.map(({ device, boundAt, lastUsedAt }) => ({
      device,
      boundAt: this.dated(this.bound.get(device)) ?? (boundAt || null),
      lastUsedAt: this.dated(this.used.get(device)) ?? lastUsedAt,
    }));
  }

  isBound(device: string): boolean {
    return isGuest(this.store.current, device);
  }

  /**
   * For staff to see, so a join neither waits for it nor fails by it, and a device that comes again
   * and again does not make the disk write each time.
   */
  rememberUse(device: string): void {
    this.used.set(device, this.parts.time.now());
    this.noting ??= this.parts.clock.after(NOTE_MS, () => void this.noteUses());
  }

  /** Writes down what waits to be; resolves when that is done, or refused. */
  async noteUses(): Promise<void> {
    this.noting?.cancel();
    this.noting = undefined;
    if (this.used.size === 0) return;
    await this.change((records) => ({ records, result: undefined })).catch((error: unknown) =>
      this.parts.log.warn({ error: String(error) }, 'last use of a device not written to disk'),
    );
  }

  /** False when there is no such device. Its session, if any, hears of it through `onRevoked`. */
  async revokeDevice(device: string): Promise<boolean> {
    const found = await this.change((records) => {
      const next = removeDevice(records, device);
      const gone = next.devices.length < records.devices.length;
      return { records: gone ? next : undefined, result: gone };
    });
    if (found) this.tellRevoked([device]);
    return found;
  }

  /** Forgets all devices and invitations, as before another pupil gets the robot. */
  async wipe(): Promise<void> {
    const gone = await this.change((records) => ({
      records: wiped(records),
      result: records.devices.map(({ device }) => device),
    }));
    this.tellRevoked(gone);
  }

  /** After each change that is on disk. */
  onChange(listener: () => void): void {
    this.changeListeners.add(listener);
  }

  onRevoked(listener: (device: string) => void): () => void {
    this.revokedListeners.add(listener);
    return () => this.revokedListeners.delete(listener);
  }

  /**
   * The robot knows what time it is, or knows better: invitations and devices of before get their
   * dates. Resolves when that is on disk, or was refused.
   */
  async settle(): Promise<void> {
    await this.stopIdleClocks();
    const dates = this.knownDates();
    if (dates.size === 0 && this.datedTimes().bound.size === 0) return;
    await this.change((records) => ({
      records: dateInvitations(records, dates),
      result: undefined,
    })).catch((error: unknown) =>
      this.parts.log.warn({ error: String(error) }, 'dates of guests not written to disk'),
    );
    await this.stopIdleClocks();
  }

  /** By the calendar when it is known; by the robot's own beat within one boot; else not yet. */
  private readonly judge: Judge = (invitation: InvitationRecord): Standing => {
    if (invitation.usedAt !== null) return 'used';
    const { boot, monotonicMs, wallMs, trust } = this.parts.time.now();
    const clock = this.clocks.of(invitation.id);
    if (clock && invitation.expiresAt <= invitation.issuedAt) {
      const runs = clock.boot === boot && monotonicMs - clock.issuedMs < clock.lifeMs;
      return runs ? 'open' : 'expired';
    }
    if (judges(trust)) return invitation.expiresAt > wallMs ? 'open' : 'expired';
    const { latestKnownMs } = this.store.current;
    const certain = Math.max(this.parts.time.floorMs, latestKnownMs);
    return invitation.expiresAt > certain ? 'unclear' : 'expired';
  };

  /** Dates of those invitations that have none on disk and that are known by now. */
  private knownDates(): Map<string, { issuedAt: number; expiresAt: number }> {
    const dates = new Map<string, { issuedAt: number; expiresAt: number }>();
    for (const { id, issuedAt } of this.store.current.invitations) {
      const clock = this.clocks.of(id);
      if (!clock) continue;
      const { boot, issuedMs: monotonicMs, lifeMs } = clock;
      const guess = { boot, monotonicMs, trust: 'none', source: 'system' } as const;
      const { wallMs, stamp } = this.parts.time.correct(issuedAt, guess);
      if (judges(stamp.trust)) dates.set(id, { issuedAt: wallMs, expiresAt: wallMs + lifeMs });
    }
    return dates;
  }

  /** Of invitations that are gone, used, dated, or over with their boot. */
  private stopIdleClocks(): Promise<void> {
    const { boot } = this.parts.time.now();
    const dates = this.knownDates();
    const waiting = new Map(this.store.current.invitations.map((one) => [one.id, one]));
    const idle = this.clocks.ids.filter((id) => {
      const one = waiting.get(id);
      if (!one || one.usedAt !== null || one.expiresAt > one.issuedAt) return true;
      return this.clocks.of(id)?.boot !== boot && !dates.has(id);
    });
    return this.clocks.stop(idle);
  }

  private async change<T>(decide: (records: Records) => Change<T>): Promise<T> {
    let times = this.datedTimes();
    const result = await this.store.change((records) => {
      const { records: next, result } = decide(records);
      if (next === undefined) return { result };
      times = this.datedTimes();
      const { trust, wallMs } = this.parts.time.now();
      const latestKnownMs = trust === 'sure' ? wallMs : records.latestKnownMs;
      return { records: { ...markTimes(next, times), latestKnownMs }, result };
    });
    for (const [device, { at }] of times.kept)
      if (this.used.get(device) === at) this.used.delete(device);
    for (const device of times.bound.keys()) this.bound.delete(device);
    for (const listener of this.changeListeners) listener();
    return result;
  }

  /** What waits to be written and has a date. What has none stays in memory until it has one. */
  private datedTimes() {
    const bound = new Map<string, number>();
    const used = new Map<string, number>();
    const kept = new Map<string, { at: Moment }>();
    for (const [device, at] of this.bound) {
      const wallMs = this.dated(at);
      if (wallMs !== undefined) bound.set(device, wallMs);
    }
    for (const [device, at] of this.used) {
      const wallMs = this.dated(at);
      if (wallMs === undefined) continue;
      used.set(device, wallMs);
      kept.set(device, { at });
    }
    return { bound, used, kept };
  }

  /** Milliseconds since 1970, when it is known by now what time it was then. */
  private dated(moment: Moment | undefined): number | undefined {
    if (!moment) return undefined;
    const { wallMs, stamp } = this.parts.time.correct(moment.wallMs, stampOf(moment));
    return judges(stamp.trust) ? wallMs : undefined;
  }

  private tellRevoked(devices: readonly string[]): void {
    for (const device of devices) {
      this.parts.log.info({ device }, 'device revoked');
      for (const listener of this.revokedListeners) listener(device);
    }
  }
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { judges } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import { MAX_INVITATION_DAYS } from '../wire/invitation-days.ts';
import { AccessFault } from './access-fault.ts';
import { DeviceDates } from './device-dates.ts';
import { InvitationClocks } from './invitation-clocks.ts';
import { InvitationTerms } from './invitation-terms.ts';
import { type Change, RecordStore } from './record-store.ts';
import {
  type DeviceRecord,
  dateInvitations,
  hasDevice,
  issueInvitation,
  markTimes,
  type Records,
  type Redeemed,
  redeemInvitation,
  removeDevice,
  removeInvitation,
  type Standing,
  standingOf,
  type Times,
  wiped,
} from './records.ts';

export interface DeviceRegistryParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: TimeOfDay;
}

interface InvitationView {
  readonly id: string;
  readonly state: Standing;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The dates are a guess: the monotonic clock counts, until the robot is switched off. */
  readonly undated: boolean;
}

/** Null: unknown time of day, or not used yet. */
interface DeviceView {
  readonly device: string;
  readonly boundAt: number | null;
  readonly lastUsedAt: number | null;
}

interface IssuedInvitation {
  readonly id: string;
  /** Seconds since 1970; a guess while the robot's time of day is unknown. */
  readonly expires: number;
  readonly clockKnown: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Minimum time between writes of devices' last use. */
const NOTE_MS = 60_000;

type RedeemRefusal = Extract<Redeemed, { ok: false }>['reason'] | 'staleChallenge';

/** Invited and bound devices, kept on disk. Independent of keys and signatures. */
export class DeviceRegistry {
  private readonly revokedListeners = new Set<(device: string) => void>();
  private readonly changeListeners = new Set<() => void>();
  private readonly dates: DeviceDates;
  private readonly terms: InvitationTerms;
  private noteTimer: Timer | undefined;

  private constructor(
    private readonly parts: DeviceRegistryParts,
    private readonly store: RecordStore,
    clocks: InvitationClocks,
  ) {
    this.dates = new DeviceDates(parts.time);
    this.terms = new InvitationTerms(parts.time, clocks, () => store.current);
  }

  static async open(parts: DeviceRegistryParts): Promise<DeviceRegistry> {
    const store = await RecordStore.open(parts.storage, parts.log);
    const clocks = await InvitationClocks.open(parts.storage, parts.log);
    return new DeviceRegistry(parts, store, clocks);
  }

  /** The file and its copy were damaged, so all bindings are lost: devices must be invited anew. */
  get lost(): boolean {
    return this.store.lost;
  }

  /** No device is bound or invited, so nobody relies on the robot's present keys. */
  get empty(): boolean {
    const { devices, invitations, strange } = this.store.current;
    const all = [...devices, ...invitations, ...strange.devices, ...strange.invitations];
    return !this.lost && all.length === 0;
  }

  /**
   * Records an invitation by the hash of its secret. While the robot's time of day is unknown, the
   * invitation is timed by the monotonic clock of this boot (invitation-clocks.ts).
   */
  async invite(secret: string, days: number): Promise<IssuedInvitation> {
    if (!(days > 0 && days <= MAX_INVITATION_DAYS))
      throw new AccessFault('badRequest', `days: expected 0-${MAX_INVITATION_DAYS}, got ${days}`);
    const id = randomBytes(4).toString('hex');
    return this.terms.issue(id, days * DAY_MS, async (dates, expires, clockKnown) => {
      const kept = { id, hash: hashSecret(secret), ...dates, usedAt: null, usedBy: null };
      await this.change((records) => {
        const next = issueInvitation(records, kept, this.terms.judge);
        if (!next) throw new AccessFault('full', 'The registry is full. Revoke a device.');
        return { records: next, result: undefined };
      });
      this.parts.log.info({ invitation: id, expires, clockKnown }, 'invitation issued');
      return { id, expires, clockKnown };
    });
  }

  invitations(): InvitationView[] {
    const { judge } = this.terms;
    return this.store.current.invitations.map((one) => ({
      ...{ id: one.id, state: standingOf(one, judge) },
      ...this.terms.shown(one),
    }));
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
   * Uses up an invitation for a device; on disk before this resolves. `spendChallenge` is called
   * last, when all other checks have passed. Resolves with undefined on success.
   */
  redeem(
    secret: string,
    device: Pick<DeviceRecord, 'device' | 'jwk'>,
    spendChallenge: () => boolean,
  ): Promise<RedeemRefusal | undefined> {
    const attempt = this.change<RedeemRefusal | undefined>((records) => {
      const now = this.parts.time.now();
      const at = { usedAt: now.wallMs, boundAt: judges(now.trust) ? now.wallMs : 0 };
      const redeemed = redeemInvitation(records, hashSecret(secret), device, this.terms.judge, at);
      if (!redeemed.ok) return { result: redeemed.reason };
      if (!spendChallenge()) return { result: 'staleChallenge' };
      if (at.boundAt === 0) this.dates.noteBound(device.device, now);
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
      boundAt: this.dates.boundAt(device) ?? (boundAt || null),
      lastUsedAt: this.dates.usedAt(device) ?? lastUsedAt,
    }));
  }

  isBound(device: string): boolean {
    return hasDevice(this.store.current, device);
  }

  /**
   * Notes a device's use, for staff. Written later, so that joining neither waits for the disk nor
   * fails by it, and frequent joins do not cause a write each.
   */
  rememberUse(device: string): void {
    this.dates.noteUsed(device, this.parts.time.now());
    this.noteTimer ??= this.parts.clock.after(NOTE_MS, () => void this.noteUses());
  }

  /** Writes pending dates; resolves when that is done, or failed. */
  async noteUses(): Promise<void> {
    this.noteTimer?.cancel();
    this.noteTimer = undefined;
    if (!this.dates.waits) return;
    await this.change((records) => ({ records, result: undefined })).catch((error: unknown) =>
      this.parts.log.warn({ error: String(error) }, 'last use of a device not written to disk'),
    );
  }

  /** False when there is no such device. `onRevoked` listeners end its session, if any. */
  async revokeDevice(device: string): Promise<boolean> {
    const found = await this.change((records) => {
      const next = removeDevice(records, device);
      const gone = next.devices.length < records.devices.length;
      return { records: gone ? next : undefined, result: gone };
    });
    if (found) this.notifyRevoked([device]);
    return found;
  }

  /** Removes all devices and invitations, before another pupil gets the robot. */
  async wipe(): Promise<void> {
    const gone = await this.change((records) => ({
      records: wiped(records),
      result: records.devices.map(({ device }) => device),
    }));
    await this.terms.stopIdle();
    this.notifyRevoked(gone);
  }

  /** Called after each change that is on disk. */
  onChange(listener: () => void): void {
    this.changeListeners.add(listener);
  }

  onRevoked(listener: (device: string) => void): () => void {
    this.revokedListeners.add(listener);
    return () => this.revokedListeners.delete(listener);
  }

  /**
   * Call when the time of day becomes known or is corrected: undated invitations and devices get
   * their dates. Resolves when that is on disk, or failed.
   */
  async settle(): Promise<void> {
    await this.terms.stopIdle();
    const dates = this.terms.known();
    if (dates.size === 0 && this.dates.known().bound.size === 0) return;
    await this.change((records) => ({
      records: dateInvitations(records, dates),
      result: undefined,
    })).catch((error: unknown) =>
      this.parts.log.warn({ error: String(error) }, 'dates of devices not written to disk'),
    );
    await this.terms.stopIdle();
  }

  private async change<T>(decide: (records: Records) => Change<T>): Promise<T> {
    let times: Times | undefined;
    const result = await this.store.change((records) => {
      const { records: next, result } = decide(records);
      if (next === undefined) return { result };
      times = this.dates.known();
      const { trust, wallMs } = this.parts.time.now();
      const latestKnownMs = trust === 'sure' ? wallMs : records.latestKnownMs;
      return { records: { ...markTimes(next, times), latestKnownMs }, result };
    });
    if (times) this.dates.written(times);
    for (const listener of this.changeListeners) listener();
    return result;
  }

  private notifyRevoked(devices: readonly string[]): void {
    for (const device of devices) {
      this.parts.log.info({ device }, 'device revoked');
      for (const listener of this.revokedListeners) listener(device);
    }
  }
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { AccessFault } from './access-fault.ts';
import { type Change, RecordStore } from './record-store.ts';
import {
  type DeviceRecord,
  isGuest,
  isOpen,
  issueInvitation,
  markUsed,
  type Records,
  type Redeemed,
  redeemInvitation,
  removeDevice,
  removeInvitation,
  wiped,
} from './records.ts';

export interface GuestBookParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  /** True once the wall clock was set from a source that may be believed. */
  readonly clockTrusted: () => boolean;
}

export interface InvitationView {
  readonly id: string;
  readonly state: 'open' | 'used' | 'expired';
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export type DeviceView = Pick<DeviceRecord, 'device' | 'boundAt' | 'lastUsedAt'>;

export const MAX_INVITATION_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** When a device came last is written no more often than this. */
const NOTE_MS = 60_000;

type RedeemRefusal = Extract<Redeemed, { ok: false }>['reason'] | 'staleChallenge';

/** Who is invited and who is bound, kept on disk. Knows nothing of keys or signatures. */
export class GuestBook {
  private readonly revokedListeners = new Set<(device: string) => void>();
  private readonly changeListeners = new Set<() => void>();
  /** When a device came last, until that is on disk. Bounded by the bound devices. */
  private readonly used = new Map<string, number>();
  private noting: Timer | undefined;

  private constructor(
    private readonly parts: GuestBookParts,
    private readonly store: RecordStore,
  ) {}

  static async open(parts: GuestBookParts): Promise<GuestBook> {
    return new GuestBook(parts, await RecordStore.open(parts.storage, parts.log));
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

  /** Writes down an invitation by the hash of its secret. `expires` is in seconds since 1970. */
  async invite(secret: string, days: number): Promise<{ id: string; expires: number }> {
    if (!(days > 0 && days <= MAX_INVITATION_DAYS))
      throw new AccessFault('badRequest', `days: expected 0-${MAX_INVITATION_DAYS}, got ${days}`);
    if (!this.parts.clockTrusted())
      throw new AccessFault(
        'clockUnknown',
        'The robot does not know the time yet. Give it network and try again.',
      );
    const issuedAt = this.wallMs();
    const expires = Math.floor((issuedAt + days * DAY_MS) / 1_000);
    const id = randomBytes(4).toString('hex');
    const times = { issuedAt, expiresAt: expires * 1_000, usedAt: null, usedBy: null };
    await this.change((records) => {
      const next = issueInvitation(records, { id, hash: hashSecret(secret), ...times }, issuedAt);
      if (!next)
        throw new AccessFault('full', 'Too many guests. Revoke a device or an invitation.');
      return { records: next, result: undefined };
    });
    this.parts.log.info({ invitation: id, expires }, 'invitation issued');
    return { id, expires };
  }

  invitations(): InvitationView[] {
    const now = this.wallMs();
    return this.store.current.invitations.map((one) => ({
      id: one.id,
      state: isOpen(one, now) ? 'open' : one.usedAt === null ? 'expired' : 'used',
      issuedAt: one.issuedAt,
      expiresAt: one.expiresAt,
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
   * Uses up an invitation for a device, on disk before this resolves. `spendChallenge` is asked
   * last, when all else holds; undefined means done.
   */
  redeem(
    secret: string,
    device: Pick<DeviceRecord, 'device' | 'jwk'>,
    spendChallenge: () => boolean,
  ): Promise<RedeemRefusal | undefined> {
    const attempt = this.change<RedeemRefusal | undefined>((records) => {
      const redeemed = redeemInvitation(records, hashSecret(secret), device, this.wallMs());
      if (!redeemed.ok) return { result: redeemed.reason };
      if (!spendChallenge()) return { result: 'staleChallenge' };
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
      boundAt,
      lastUsedAt: this.used.get(device) ?? lastUsedAt,
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
    this.used.set(device, this.wallMs());
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

  private async change<T>(decide: (records: Records) => Change<T>): Promise<T> {
    let noted: ReadonlyMap<string, number> = new Map();
    const result = await this.store.change((records) => {
      const { records: next, result } = decide(records);
      if (next === undefined) return { result };
      noted = new Map(this.used);
      return { records: { ...markUsed(next, noted), latestKnownMs: this.wallMs() }, result };
    });
    for (const [device, atMs] of noted)
      if (this.used.get(device) === atMs) this.used.delete(device);
    for (const listener of this.changeListeners) listener();
    return result;
  }

  /**
   * A robot has no battery-backed clock. While its wall clock is not trusted, time stands at the
   * latest moment the records know of: an expired invitation stays expired after a power cut.
   */
  private wallMs(): number {
    const { clock, clockTrusted } = this.parts;
    if (clockTrusted()) return clock.wall();
    return Math.max(clock.wall(), this.store.current.latestKnownMs);
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

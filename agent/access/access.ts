import type { Visitor } from '../session/door.ts';
import { formatInvitation, Invitation } from '../wire/invitation.ts';
import { type AccessRefusal, type SignalDown, TYP } from '../wire/signalling.ts';
import { freshNonce, hashToken } from '../wire/token.ts';
import { Challenges } from './challenges.ts';
import { GuestBook, type GuestBookParts } from './guest-book.ts';
import { RobotKeys } from './robot-keys.ts';
import { type Verdict, Verifier } from './verify.ts';

export interface AccessParts extends GuestBookParts {
  readonly robot: string;
}

/** An offer by a bound device: what the session needs, and what the answer must name. */
export interface AdmittedOffer {
  readonly visitor: Visitor;
  readonly sdp: string;
  readonly challenge: string;
  readonly offerHash: string;
}

export interface InviteRequest {
  /** How long the invitation is good for, at most MAX_INVITATION_DAYS. */
  readonly days: number;
  /** ws:// or wss:// address of the broker for the pupil's device. */
  readonly broker: string;
  /** Address of the pupil's page. */
  readonly page: string;
}

export interface Issued {
  readonly id: string;
  /** The only place where the secret is; it is shown once and kept nowhere. */
  readonly link: string;
  readonly invitation: Invitation;
}

/**
 * Who may come in: the robot's keys, the guest book and the challenges together. A device gets in
 * by a one-time invitation (`bind`), and from then on by its own key (`admit`).
 */
export class Access {
  private readonly challenges: Challenges;
  private readonly verifier: Verifier;
  /** The last offer taken of each device: what its bye must name. Bounded by the bound devices. */
  private readonly lastOffer = new Map<string, { peer: string; challenge: string }>();

  private constructor(
    private readonly parts: AccessParts,
    private keys: RobotKeys,
    readonly guests: GuestBook,
  ) {
    this.challenges = new Challenges(parts.clock);
    this.verifier = new Verifier({ ...parts, challenges: this.challenges });
    guests.onRevoked((device) => this.lastOffer.delete(device));
  }

  static async open(parts: AccessParts): Promise<Access> {
    const guests = await GuestBook.open(parts);
    const keys = await RobotKeys.open(parts.storage, parts.log, () => guests.empty);
    return new Access(parts, keys, guests);
  }

  /** Thumbprint of the robot's signing key. */
  get robotKey(): string {
    return this.keys.signingThumbprint;
  }

  async invite({ days, broker, page }: InviteRequest): Promise<Issued> {
    const { robot } = this.parts;
    const wanted = { robot, secret: freshNonce(), robotKey: this.robotKey, broker };
    // Checked first: a wrong broker address leaves no invitation behind that nobody can use.
    Invitation.omit({ expires: true }).parse(wanted);
    const { id, expires } = await this.guests.invite(wanted.secret, days);
    const invitation = { ...wanted, expires };
    return { id, link: formatInvitation(page, invitation), invitation };
  }

  /** New keys. All that pinned or was sealed to the old ones is void, so guests go first. */
  async rotateKeys(): Promise<void> {
    await this.guests.wipe();
    this.keys = await RobotKeys.renew(this.parts.storage, this.parts.log);
    this.parts.log.warn({ robotKey: this.robotKey }, 'robot keys renewed; all guests are gone');
  }

  async challenge(peer: string, nonce: string): Promise<Verdict<SignalDown>> {
    const challenge = this.challenges.issue(peer);
    if (challenge === undefined) return refuse('tooMany');
    const encryptionKey = this.keys.encryptionJwk;
    const payload = { ...this.stamp(peer), nonce, challenge, encryptionKey };
    return accept({ kind: 'challenge', token: await this.keys.sign(TYP.challenge, payload) });
  }

  /** Binds the device whose token is in `letter`, on disk before this resolves. */
  async bind(peer: string, letter: string): Promise<Verdict<SignalDown>> {
    if (!this.challenges.holdsAny(peer)) return refuse('staleChallenge');
    const token = await this.keys.unseal(letter);
    if (token === undefined) return refuse('notAuthentic');
    const verdict = await this.verifier.bind(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device, jwk } = verdict.value;
    const { challenge, invitation } = payload;
    const refused = await this.guests.redeem(invitation, { device, jwk }, () =>
      this.challenges.spend(peer, challenge),
    );
    if (refused !== undefined) return refuse(refused);
    this.parts.log.info({ device }, 'device bound');
    const bound = { ...this.stamp(peer), challenge, device };
    return accept({ kind: 'bound', token: await this.keys.sign(TYP.bound, bound) });
  }

  /** Lets an offer through to the session when its device is bound. */
  async admit(peer: string, token: string): Promise<Verdict<AdmittedOffer>> {
    const verdict = await this.verifier.offer(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const offerHash = await hashToken(token);
    if (!this.guests.isBound(device)) return refuse('unknownDevice');
    const { challenge, sdp } = payload;
    if (!this.challenges.spend(peer, challenge)) return refuse('staleChallenge');
    this.lastOffer.set(device, { peer, challenge });
    this.guests.rememberUse(device);
    return accept({ visitor: { peer, device }, sdp, challenge, offerHash });
  }

  /** Why an offer is void by now: its device was revoked or said bye while the answer was made. */
  whyVoid({ visitor }: AdmittedOffer): AccessRefusal | undefined {
    if (!this.guests.isBound(visitor.device)) return 'unknownDevice';
    return this.lastOffer.has(visitor.device) ? undefined : 'staleChallenge';
  }

  async answer(offer: AdmittedOffer, sdp: string): Promise<SignalDown> {
    const { challenge, offerHash, visitor } = offer;
    const payload = { ...this.stamp(visitor.peer), challenge, offerHash, sdp };
    return { kind: 'answer', token: await this.keys.sign(TYP.answer, payload) };
  }

  /** Who takes back the last offer; good once. */
  async farewell(peer: string, token: string): Promise<Verdict<Visitor>> {
    const verdict = await this.verifier.bye(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    if (!this.guests.isBound(device)) return refuse('unknownDevice');
    const last = this.lastOffer.get(device);
    if (last?.peer !== peer || last.challenge !== payload.challenge)
      return refuse('staleChallenge');
    this.lastOffer.delete(device);
    return accept({ peer, device });
  }

  /** `inReplyTo`: a hello's nonce or a token's hash; null for what could not be read. */
  async refusal(
    peer: string,
    inReplyTo: string | null,
    reason: AccessRefusal,
  ): Promise<SignalDown> {
    const payload = { ...this.stamp(peer), inReplyTo, reason };
    return { kind: 'refused', token: await this.keys.sign(TYP.refused, payload) };
  }

  private stamp(peer: string): { robot: string; peer: string; iat: number } {
    // Pages of earlier versions take no time before 1970 for one.
    const iat = Math.max(0, Math.floor(this.parts.clock.wall() / 1_000));
    return { robot: this.parts.robot, peer, iat };
  }
}

const accept = <T>(value: T): Verdict<T> => ({ ok: true, value });
const refuse = (reason: AccessRefusal): { ok: false; reason: AccessRefusal } => ({
  ok: false,
  reason,
});

import { admit, offerRefusal } from '../admission/admit.ts';
import type { Visitor } from '../model/offer.ts';
import { formatInvitation, Invitation } from '../wire/invitation.ts';
import { encryptJwe } from '../wire/jwe.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import {
  type AccessRefusal,
  FEATURES,
  type IceServers,
  knownFeatures,
  type PublicJwk,
  type SignalDown,
  type SignalUp,
  TYP,
} from '../wire/signalling.ts';
import { freshNonce, hashToken, type Signer } from '../wire/token.ts';
import type { Batch, CandidatesPayload } from '../wire/trickle.ts';
import { Challenges } from './challenges.ts';
import { DeviceRegistry, type DeviceRegistryParts } from './device-registry.ts';
import { RobotKeys } from './robot-keys.ts';
import { type Verdict, Verifier } from './verify.ts';

export interface AccessParts extends DeviceRegistryParts {
  readonly robot: string;
  /** Servers for a device whose clock shows `saysS` (seconds since 1970); undefined: none. */
  readonly iceFor?: (saysS: number) => IceServers | undefined;
  /** The time by a bound device's clock, from a message whose challenge proves it fresh. */
  readonly onTimeSaid?: (device: string, saidMs: number) => void;
}

type Hello = Extract<SignalUp, { kind: 'hello' }>;

/** Identifies one offer; candidates refer to it. */
interface OfferName {
  readonly peer: string;
  readonly device: string;
  readonly challenge: string;
  readonly offerHash: string;
}

/** An offer by a bound device: what the session needs, and what the answer must refer to. */
export interface AdmittedOffer {
  readonly visitor: Visitor;
  readonly sdp: string;
  readonly challenge: string;
  readonly offerHash: string;
  /** Whether the device uses trickle ICE. */
  readonly trickle: boolean;
  /** An ICE restart of this peer's connection. */
  readonly restart: boolean;
  /** Whether the page has the feature `lessons`. */
  readonly lessons: boolean;
}

interface InviteRequest {
  /** Validity of the invitation, at most MAX_INVITATION_DAYS. */
  readonly days: number;
  /** ws:// or wss:// address of the broker for the pupil's device. */
  readonly broker: string;
  /** Address of the pupil's page. */
  readonly page: string;
}

export interface Issued {
  readonly id: string;
  /** Contains the secret, which is shown once and not stored. */
  readonly link: string;
  readonly invitation: Invitation;
  /** False: the robot's time of day is unknown, so validity is counted until it is switched off. */
  readonly clockKnown: boolean;
}

/**
 * Who may come in: combines the robot's keys, the device registry and the challenges. A device is
 * bound by a one-time invitation (`bind`), and from then on admitted by its own key (`admit`).
 */
export class Access {
  private readonly challenges: Challenges;
  private readonly verifier: Verifier;
  /** The last accepted offer of each bound device, which its bye must name. */
  private readonly lastOffer = new Map<string, OfferName>();

  private constructor(
    private readonly parts: AccessParts,
    private keys: RobotKeys,
    readonly registry: DeviceRegistry,
  ) {
    this.challenges = new Challenges(parts.clock);
    this.verifier = new Verifier({ ...parts, challenges: this.challenges });
    registry.onRevoked((device) => this.lastOffer.delete(device));
  }

  static async open(parts: AccessParts): Promise<Access> {
    const registry = await DeviceRegistry.open(parts);
    const keys = await RobotKeys.open(parts.storage, parts.log, () => registry.empty);
    return new Access(parts, keys, registry);
  }

  /** Thumbprint of the robot's signing key. */
  get robotKey(): string {
    return this.keys.signingThumbprint;
  }

  /** The robot's key, for what it signs besides signalling. */
  get signer(): Signer {
    return this.keys.signer;
  }

  /** To which people encrypt what only this robot may read. */
  get encryptionKey(): PublicJwk {
    return this.keys.encryptionJwk;
  }

  /** Revokes open older invitations. */
  async invite({ days, broker, page }: InviteRequest): Promise<Issued> {
    const { robot } = this.parts;
    const wanted = { robot, secret: freshNonce(), robotKey: this.robotKey, broker };
    // Validated first: an invalid broker address leaves no unusable invitation behind.
    Invitation.omit({ expires: true }).parse(wanted);
    const { id, expires, clockKnown } = await this.registry.invite(wanted.secret, days);
    const invitation = { ...wanted, expires };
    return { id, link: formatInvitation(page, invitation), invitation, clockKnown };
  }

  /** Thumbprint of the signing key that `rotateKeys` will put in use; on disk. */
  prepareKeys(): Promise<string> {
    return RobotKeys.prepare(this.parts.storage, this.parts.log);
  }

  /**
   * New keys, for a robot whose disk may have been copied or that moves to another school. Invitations and bindings that pin the old keys become void, so the
   * registry is wiped first.
   */
  async rotateKeys(): Promise<void> {
    await this.registry.wipe();
    this.keys = await RobotKeys.renew(this.parts.storage, this.parts.log);
    this.parts.log.warn(
      { robotKey: this.robotKey },
      'robot keys renewed; all bindings and invitations are void',
    );
  }

  /**
   * A first-version hello gets a first-version challenge. Servers are given to bound devices only:
   * anybody may send a hello, so they are encrypted to a key that the device signed.
   */
  async challenge(peer: string, { nonce, features, device }: Hello): Promise<Verdict<SignalDown>> {
    const challenge = this.challenges.issue(peer, knownFeatures(features));
    if (challenge === undefined) return refuse('tooMany');
    const encryptionKey = this.keys.encryptionJwk;
    const first = { ...this.stamp(peer), nonce, challenge, encryptionKey };
    const ice = device === undefined ? undefined : await this.sealedIce(peer, nonce, device);
    const payload = features
      ? { ...first, features: FEATURES, ...(ice === undefined ? {} : { ice }) }
      : first;
    return accept({ kind: 'challenge', token: await this.keys.sign(TYP.challenge, payload) });
  }

  /** What an order has sealed to this robot, as JSON; the order vouches for it. */
  unseal(jwe: string): Promise<string | undefined> {
    return this.keys.decrypt(jwe, 'json');
  }

  /** Binds the device whose token is in `jwe`; on disk before this resolves. */
  async bind(peer: string, jwe: string): Promise<Verdict<SignalDown>> {
    if (!this.challenges.holdsAny(peer)) return refuse('staleChallenge');
    const token = await this.keys.decrypt(jwe);
    if (token === undefined) return refuse('notAuthentic');
    const verdict = await this.verifier.bind(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device, jwk } = verdict.value;
    const { challenge, invitation } = payload;
    const refused = await this.registry.redeem(invitation, { device, jwk }, () =>
      this.challenges.spend(peer, challenge),
    );
    if (refused !== undefined) return refuse(refused);
    this.parts.log.info({ device }, 'device bound');
    const bound = { ...this.stamp(peer), challenge, device };
    return accept({ kind: 'bound', token: await this.keys.sign(TYP.bound, bound) });
  }

  /** Accepts an offer for the session when its device is bound. */
  async admit(peer: string, token: string): Promise<Verdict<AdmittedOffer>> {
    const verdict = await this.verifier.offer(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const offerHash = await hashToken(token);
    const signalRefusal = this.signalRefusal(device);
    if (signalRefusal) return refuse(signalRefusal);
    const { challenge, sdp, iat, trickle = false, restart = false } = payload;
    const lessons = this.challenges.supports(challenge, 'lessons');
    if (!this.challenges.spend(peer, challenge)) return refuse('staleChallenge');
    this.parts.onTimeSaid?.(device, iat * 1_000);
    this.lastOffer.set(device, { peer, device, challenge, offerHash });
    this.registry.rememberUse(device);
    const manner = { trickle, restart, lessons };
    return accept({ visitor: { peer, device }, sdp, challenge, offerHash, ...manner });
  }

  /** Accepts candidates that belong to the last offer of a device that is still bound. */
  async candidates(peer: string, token: string): Promise<Verdict<CandidatesPayload>> {
    const verdict = await this.verifier.candidates(peer, token, (claims) =>
      [...this.lastOffer.values()].some((offer) => matchesOffer(offer, claims)),
    );
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const last = this.lastOffer.get(device);
    if (!last || !matchesOffer(last, payload)) return refuse('staleChallenge');
    const signalRefusal = this.signalRefusal(device);
    return signalRefusal ? refuse(signalRefusal) : accept(payload);
  }

  /** Why an offer became invalid while it was answered: its device was revoked or said bye. */
  whyVoid({ visitor }: AdmittedOffer): AccessRefusal | undefined {
    const signalRefusal = this.signalRefusal(visitor.device);
    if (signalRefusal) return signalRefusal;
    return this.lastOffer.has(visitor.device) ? undefined : 'staleChallenge';
  }

  async answer(offer: AdmittedOffer, sdp: string): Promise<SignalDown> {
    const { challenge, offerHash, visitor } = offer;
    const payload = { ...this.stamp(visitor.peer), challenge, offerHash, sdp };
    return { kind: 'answer', token: await this.keys.sign(TYP.answer, payload) };
  }

  async candidatesOf(offer: AdmittedOffer, batch: Batch): Promise<SignalDown> {
    const { challenge, offerHash, visitor } = offer;
    const payload = { ...this.stamp(visitor.peer), challenge, offerHash, ...batch };
    return { kind: 'candidates', token: await this.keys.sign(TYP.robotCandidates, payload) };
  }

  /** Asks a device for another offer; undefined when it has no last offer or has withdrawn it. */
  async restart({ peer, device }: Visitor): Promise<SignalDown | undefined> {
    const last = this.lastOffer.get(device);
    if (last?.peer !== peer) return undefined;
    const payload = { ...this.stamp(peer), challenge: last.challenge };
    return { kind: 'restart', token: await this.keys.sign(TYP.restart, payload) };
  }

  /** Withdraws the device's last offer, once; returns the visitor. */
  async bye(peer: string, token: string): Promise<Verdict<Visitor>> {
    const verdict = await this.verifier.bye(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const signalRefusal = this.signalRefusal(device);
    if (signalRefusal) return refuse(signalRefusal);
    const last = this.lastOffer.get(device);
    if (last?.peer !== peer || last.challenge !== payload.challenge)
      return refuse('staleChallenge');
    this.lastOffer.delete(device);
    return accept({ peer, device });
  }

  /** `inReplyTo`: a hello's nonce or a token's hash; null when the message could not be read. */
  async refusal(
    peer: string,
    inReplyTo: string | null,
    reason: AccessRefusal,
    nextLesson?: NextLesson,
  ): Promise<SignalDown> {
    const told = { reason, ...(nextLesson && { nextLesson }) };
    const payload = { ...this.stamp(peer), inReplyTo, ...told };
    return { kind: 'refused', token: await this.keys.sign(TYP.refused, payload) };
  }

  /** Why messages signed by this device are ignored; undefined when they are not. */
  private signalRefusal(device: string): AccessRefusal | undefined {
    const known = this.registry.isBound(device) ? 'bound' : 'unknown';
    return offerRefusal(admit('signal', { device: known }));
  }

  /** Undefined when the hello is not from a bound device, or when there are no servers. */
  private async sealedIce(peer: string, nonce: string, token: string): Promise<string | undefined> {
    const { iceFor } = this.parts;
    if (!iceFor) return undefined;
    const verdict = await this.verifier.hello(peer, nonce, token);
    if (!verdict.ok || this.signalRefusal(verdict.value.device)) return undefined;
    const { iceKey, iat } = verdict.value.payload;
    const servers = iceFor(iat);
    return servers && encryptJwe(iceKey, JSON.stringify(servers), 'json');
  }

  private stamp(peer: string): { robot: string; peer: string; iat: number } {
    // Pages of earlier versions reject times before 1970.
    const iat = Math.max(0, Math.floor(this.parts.time.now().wallMs / 1_000));
    return { robot: this.parts.robot, peer, iat };
  }
}

function matchesOffer(
  offer: OfferName,
  { peer, challenge, offerHash }: Pick<OfferName, 'peer' | 'challenge' | 'offerHash'>,
): boolean {
  return offer.peer === peer && offer.challenge === challenge && offer.offerHash === offerHash;
}

const accept = <T>(value: T): Verdict<T> => ({ ok: true, value });
const refuse = (reason: AccessRefusal): { ok: false; reason: AccessRefusal } => ({
  ok: false,
  reason,
});

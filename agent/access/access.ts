import { admit, offerRefusal } from '../admission/admit.ts';
import type { Visitor } from '../model/offer.ts';
import { formatInvitation, Invitation } from '../wire/invitation.ts';
import { encryptJwe } from '../wire/jwe.ts';
import {
  type AccessRefusal,
  FEATURES,
  type IceServers,
  type SignalDown,
  type SignalUp,
  TYP,
} from '../wire/signalling.ts';
import { freshNonce, hashToken } from '../wire/token.ts';
import type { Batch, CandidatesPayload } from '../wire/trickle.ts';
import { Challenges } from './challenges.ts';
import { DeviceRegistry, type DeviceRegistryParts } from './device-registry.ts';
import { RobotKeys } from './robot-keys.ts';
import { type Verdict, Verifier } from './verify.ts';

export interface AccessParts extends DeviceRegistryParts {
  readonly robot: string;
  /** Servers for a device whose clock says `saysS` (seconds since 1970); undefined: none. */
  readonly iceFor?: (saysS: number) => IceServers | undefined;
  /** A bound device said when it thinks it is, in a message that is fresh by its challenge. */
  readonly onTimeSaid?: (device: string, saidMs: number) => void;
}

type Hello = Extract<SignalUp, { kind: 'hello' }>;

/** Names one offer: what candidates belong to. */
interface OfferName {
  readonly peer: string;
  readonly device: string;
  readonly challenge: string;
  readonly offerHash: string;
}

/** An offer by a bound device: what the session needs, and what the answer must name. */
export interface AdmittedOffer {
  readonly visitor: Visitor;
  readonly sdp: string;
  readonly challenge: string;
  readonly offerHash: string;
  /** Whether the device says and takes candidates after its offer. */
  readonly trickle: boolean;
  /** Of the connection that this peer has. */
  readonly restart: boolean;
}

interface InviteRequest {
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
  /** False: the robot does not know what time it is, and counts until it is switched off. */
  readonly clockKnown: boolean;
}

/**
 * Who may come in: the robot's keys, the device registry and the challenges together. A device gets in
 * by a one-time invitation (`bind`), and from then on by its own key (`admit`).
 */
export class Access {
  private readonly challenges: Challenges;
  private readonly verifier: Verifier;
  /** The last offer taken of each device: what its bye must name. Bounded by the bound devices. */
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

  async invite({ days, broker, page }: InviteRequest): Promise<Issued> {
    const { robot } = this.parts;
    const wanted = { robot, secret: freshNonce(), robotKey: this.robotKey, broker };
    // Checked first: a wrong broker address leaves no invitation behind that nobody can use.
    Invitation.omit({ expires: true }).parse(wanted);
    const { id, expires, clockKnown } = await this.registry.invite(wanted.secret, days);
    const invitation = { ...wanted, expires };
    return { id, link: formatInvitation(page, invitation), invitation, clockKnown };
  }

  /**
   * New keys, for a robot whose disk somebody else had, or that goes to another school. Staff have no
   * command for it yet. All that pinned or was sealed to the old keys is void, so registry go first.
   */
  async rotateKeys(): Promise<void> {
    await this.registry.wipe();
    this.keys = await RobotKeys.renew(this.parts.storage, this.parts.log);
    this.parts.log.warn({ robotKey: this.robotKey }, 'robot keys renewed; all registry are gone');
  }

  /**
   * A first-version hello gets a first-version challenge. Servers are given to bound devices only:
   * anybody may say hello, so they are sealed to a key that the device signed.
   */
  async challenge(peer: string, { nonce, features, device }: Hello): Promise<Verdict<SignalDown>> {
    const challenge = this.challenges.issue(peer);
    if (challenge === undefined) return refuse('tooMany');
    const encryptionKey = this.keys.encryptionJwk;
    const first = { ...this.stamp(peer), nonce, challenge, encryptionKey };
    const ice = device === undefined ? undefined : await this.sealedIce(peer, nonce, device);
    const payload = features
      ? { ...first, features: FEATURES, ...(ice === undefined ? {} : { ice }) }
      : first;
    return accept({ kind: 'challenge', token: await this.keys.sign(TYP.challenge, payload) });
  }

  /** Binds the device whose token is in `jwe`, on disk before this resolves. */
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

  /** Lets an offer through to the session when its device is bound. */
  async admit(peer: string, token: string): Promise<Verdict<AdmittedOffer>> {
    const verdict = await this.verifier.offer(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const offerHash = await hashToken(token);
    const unheard = this.unheard(device);
    if (unheard) return refuse(unheard);
    const { challenge, sdp, iat, trickle = false, restart = false } = payload;
    if (!this.challenges.spend(peer, challenge)) return refuse('staleChallenge');
    this.parts.onTimeSaid?.(device, iat * 1_000);
    this.lastOffer.set(device, { peer, device, challenge, offerHash });
    this.registry.rememberUse(device);
    return accept({ visitor: { peer, device }, sdp, challenge, offerHash, trickle, restart });
  }

  /** Candidates of the last offer of a device that is bound still, and of no other. */
  async candidates(peer: string, token: string): Promise<Verdict<CandidatesPayload>> {
    const verdict = await this.verifier.candidates(peer, token, (claims) =>
      [...this.lastOffer.values()].some((offer) => isOf(offer, claims)),
    );
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const last = this.lastOffer.get(device);
    if (!last || !isOf(last, payload)) return refuse('staleChallenge');
    const unheard = this.unheard(device);
    return unheard ? refuse(unheard) : accept(payload);
  }

  /** Why an offer is void by now: its device was revoked or said bye while the answer was made. */
  whyVoid({ visitor }: AdmittedOffer): AccessRefusal | undefined {
    const unheard = this.unheard(visitor.device);
    if (unheard) return unheard;
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

  /** Asks a device for another offer; undefined when its last one is not known or was taken back. */
  async restart({ peer, device }: Visitor): Promise<SignalDown | undefined> {
    const last = this.lastOffer.get(device);
    if (last?.peer !== peer) return undefined;
    const payload = { ...this.stamp(peer), challenge: last.challenge };
    return { kind: 'restart', token: await this.keys.sign(TYP.restart, payload) };
  }

  /** Who takes back the last offer; good once. */
  async bye(peer: string, token: string): Promise<Verdict<Visitor>> {
    const verdict = await this.verifier.bye(peer, token);
    if (!verdict.ok) return verdict;
    const { payload, device } = verdict.value;
    const unheard = this.unheard(device);
    if (unheard) return refuse(unheard);
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

  /** Why nothing of what this device signs is looked at. */
  private unheard(device: string): AccessRefusal | undefined {
    const known = this.registry.isBound(device) ? 'bound' : 'unknown';
    return offerRefusal(admit('signal', { device: known }));
  }

  /** Undefined when it is no bound device that says hello, or when there are no servers. */
  private async sealedIce(peer: string, nonce: string, token: string): Promise<string | undefined> {
    const { iceFor } = this.parts;
    if (!iceFor) return undefined;
    const verdict = await this.verifier.hello(peer, nonce, token);
    if (!verdict.ok || this.unheard(verdict.value.device)) return undefined;
    const { iceKey, iat } = verdict.value.payload;
    const servers = iceFor(iat);
    return servers && encryptJwe(iceKey, JSON.stringify(servers), 'json');
  }

  private stamp(peer: string): { robot: string; peer: string; iat: number } {
    // Pages of earlier versions take no time before 1970 for one.
    const iat = Math.max(0, Math.floor(this.parts.time.now().wallMs / 1_000));
    return { robot: this.parts.robot, peer, iat };
  }
}

function isOf(
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

import { jsonOf } from '../../hal/common/json.ts';
import { decryptJwe, encryptJwe, makeJweKeyPair } from '../wire/jwe.ts';
import {
  type ChallengePayload,
  FEATURES,
  type Feature,
  IceServers,
  knownFeatures,
  type SignalUp,
  TYP,
} from '../wire/signalling.ts';
import { freshNonce, hashToken, type Signer, signToken, thumbprint } from '../wire/token.ts';
import { type Batch, type Candidate, TrickleIn } from '../wire/trickle.ts';
import type { ClientClock } from './client-clock.ts';
import { Questions } from './questions.ts';
import { type Expected, openReply, parseDown } from './robot-words.ts';

/** A robot that is there answers in well under a second; a waking one within a few. */
const ANSWER_TIMEOUT_MS = 12_000;
const HELLO_TIMEOUT_MS = 10_000;

interface HandshakeParts extends Expected {
  readonly clock: ClientClock;
  readonly send: (payload: string) => Promise<void>;
}

/** What the robot said to a hello. */
export interface Challenged extends Pick<ChallengePayload, 'challenge' | 'encryptionKey'> {
  /** Empty: a robot of the first version. */
  readonly features: ReadonlySet<Feature>;
  /** Servers for this device alone. */
  readonly iceServers: IceServers['iceServers'];
}

export interface Offer {
  readonly challenge: string;
  readonly sdp: string;
  readonly trickle?: boolean;
  readonly restart?: boolean;
}

/** One offer on its way, with what belongs to it. */
export interface Exchange {
  /** Sends the offer; the robot's answer. */
  answer(): Promise<string>;
  /** Sends further candidates. */
  send(batch: Batch): Promise<void>;
  /** Stops passing on the robot's further candidates. */
  end(): void;
}

/**
 * The pupil's half of agent/wire/signalling.ts. What the robot did not sign is neither believed nor
 * obeyed: it cannot end the wait for the true answer, only name the reason when none comes.
 */
export class SignallingHandshake {
  /** The robot asks for another offer: its network changed. */
  onRestart: (challenge: string) => void = () => {};
  private readonly questions: Questions;
  private readonly candidates = new Map<string, (batch: Batch) => void>();

  constructor(private readonly parts: HandshakeParts) {
    const { robot, clock } = parts;
    this.questions = new Questions({ robot, clock, send: (message) => this.send(message) });
  }

  /** A message from the broker, whoever may have put it there. */
  async receive(payload: Uint8Array): Promise<void> {
    const message = parseDown(payload);
    if (message === undefined) return;
    const reply = await openReply(message, this.parts);
    if (reply?.kind === 'candidates') this.candidates.get(reply.payload.offerHash)?.(reply.payload);
    else if (reply?.kind === 'restart') this.onRestart(reply.payload.challenge);
    else this.questions.hear(reply);
  }

  /** With the key of a device that is bound, the robot provides it servers. */
  async challenge(signer?: Signer): Promise<Challenged> {
    const nonce = freshNonce();
    const jwe = signer && (await this.iceServerKey(signer, nonce));
    const plainly: SignalUp = { kind: 'hello', nonce };
    const payload = await this.questions.ask({
      message: {
        ...{ ...plainly, features: [...FEATURES] },
        ...(jwe ? { device: jwe.token } : {}),
      },
      name: nonce,
      timeoutMs: HELLO_TIMEOUT_MS,
      plainly,
      accept: (reply) =>
        reply.kind === 'challenge' && reply.payload.nonce === nonce ? reply.payload : undefined,
    });
    const { challenge, encryptionKey, features, ice } = payload;
    const iceServers = jwe && ice !== undefined ? await readServers(jwe.privateKey, ice) : [];
    return { challenge, encryptionKey, features: knownFeatures(features), iceServers };
  }

  /** Resolves when the robot has written the binding down. */
  async bind(
    signer: Signer,
    from: Pick<Challenged, 'challenge' | 'encryptionKey'>,
    invitation: string,
  ): Promise<void> {
    const { challenge, encryptionKey } = from;
    const token = await signToken(signer, TYP.bind, { ...this.claims(), challenge, invitation });
    const jwe = await encryptJwe(encryptionKey, token);
    const device = await thumbprint(signer.jwk);
    await this.questions.ask({
      message: { kind: 'bind', token: jwe },
      name: await hashToken(jwe),
      timeoutMs: ANSWER_TIMEOUT_MS,
      accept: (r) =>
        r.kind === 'bound' && r.payload.challenge === challenge && r.payload.device === device
          ? r.payload
          : undefined,
    });
  }

  /** Nothing is sent before `answer`. `onCandidates` hears of each of the robot's once. */
  async offer(
    signer: Signer,
    { challenge, sdp, ...manner }: Offer,
    onCandidates: (candidates: readonly Candidate[]) => void,
  ): Promise<Exchange> {
    const token = await signToken(signer, TYP.offer, {
      ...{ ...this.claims(), challenge, sdp },
      ...manner,
    });
    const offerHash = await hashToken(token);
    const heard = new TrickleIn();
    this.candidates.set(offerHash, (batch) => onCandidates(heard.take(batch)));
    return {
      answer: async () => {
        const { sdp } = await this.questions.ask({
          message: { kind: 'offer', token },
          name: offerHash,
          timeoutMs: ANSWER_TIMEOUT_MS,
          accept: (reply) =>
            reply.kind === 'answer' &&
            reply.payload.challenge === challenge &&
            reply.payload.offerHash === offerHash
              ? reply.payload
              : undefined,
        });
        return sdp;
      },
      send: async (batch) => {
        const claims = { ...this.claims(), challenge, offerHash };
        const said = await signToken(signer, TYP.deviceCandidates, { ...claims, ...batch });
        await this.send({ kind: 'candidates', token: said });
      },
      end: () => void this.candidates.delete(offerHash),
    };
  }

  /** Withdraws the offer. Not answered. */
  async bye(signer: Signer, challenge: string): Promise<void> {
    const token = await signToken(signer, TYP.bye, { ...this.claims(), challenge });
    await this.send({ kind: 'bye', token });
  }

  private claims() {
    const { robot, peer, clock } = this.parts;
    // The tablet's clock may be anywhere; robots of earlier versions take no time before 1970.
    return { robot, peer, iat: Math.max(0, Math.floor(clock.wall() / 1_000)) };
  }

  private send(message: SignalUp): Promise<void> {
    return this.parts.send(JSON.stringify(message));
  }

  /** Where the robot may put what is for this device alone. */
  private async iceServerKey(signer: Signer, nonce: string) {
    const { privateKey, jwk: iceKey } = await makeJweKeyPair();
    const token = await signToken(signer, TYP.hello, { ...this.claims(), nonce, iceKey });
    return { privateKey, token };
  }
}

/** None when the JWE cannot be read: ICE may succeed without servers. */
async function readServers(privateKey: CryptoKey, jwe: string): Promise<IceServers['iceServers']> {
  const text = await decryptJwe(privateKey, jwe, 'json');
  return IceServers.safeParse(jsonOf(text ?? '')).data?.iceServers ?? [];
}

import { realWork } from '../../../sim/time/sim-clock.ts';
import { REPLIES } from '../../client/robot-words.ts';
import { encryptJwe } from '../../wire/jwe.ts';
import { type ChallengePayload, SignalDown, TYP } from '../../wire/signalling.ts';
import {
  freshNonce,
  freshPeerId,
  openToken,
  publicJwk,
  type Signer,
  signToken,
  type TokenType,
} from '../../wire/token.ts';
import { topics } from '../../wire/topics.ts';
import type { TapBroker } from './tap-broker.ts';
import { ROBOT, type TestRobot } from './test-robot.ts';

/** Turns of the event loop without cryptography, after which nothing more is expected. */
const IDLE_TURNS = 25;

/** `challenge`, `bound`, `answer`, `refused: <reason>`, or `silence` after two seconds. */
type Heard = string;

export async function makeSigner(): Promise<Signer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  return {
    key: pair.privateKey,
    jwk: publicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  };
}

/** True once `done` is; false when all work has finished before. No simulated time passes. */
export async function settled(done: () => boolean): Promise<boolean> {
  for (let idle = 0; idle < IDLE_TURNS && !done(); idle++) {
    const work = realWork();
    if (work) idle = 0;
    await work;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return done();
}

/** Lets all work in progress finish, before a test asserts that something did not happen. */
export async function atRest(): Promise<void> {
  await settled(() => false);
}

/**
 * A pupil's device operated message by message, so that a test can omit, repeat or alter each step.
 * Also plays attackers: it may act as any peer and with any key.
 */
export class RawPupil {
  readonly replies: { kind: string; payload: Record<string, unknown> }[] = [];
  private read = 0;

  private constructor(
    readonly signer: Signer,
    private readonly broker: TapBroker,
    readonly peer: string,
    readonly robot: string,
    private readonly wall: () => number,
  ) {}

  static async at(
    broker: TapBroker,
    wall: () => number,
    as: { peer?: string; signer?: Signer; robot?: string } = {},
  ): Promise<RawPupil> {
    const { peer = freshPeerId(), signer = await makeSigner(), robot = ROBOT } = as;
    const pupil = new RawPupil(signer, broker, peer, robot, wall);
    const topic = topics.toPeer(robot, peer);
    await broker.forPupil({ broker: '', peer, topic, receive: (bytes) => void pupil.take(bytes) });
    return pupil;
  }

  /** Earlier replies are skipped. */
  say(message: object | string): void {
    this.read = this.replies.length;
    this.broker.publishAs(topics.toRobot(this.robot, this.peer), message);
  }

  /** The next reply since the last `say`. */
  async heard(): Promise<Heard> {
    const index = this.read;
    if (!(await settled(() => this.replies.length > index))) return 'silence';
    this.read = index + 1;
    const reply = this.replies[index];
    return reply?.kind === 'refused' ? `refused: ${reply.payload.reason}` : (reply?.kind ?? '');
  }

  async hello(): Promise<ChallengePayload> {
    this.say({ kind: 'hello', nonce: freshNonce() });
    const heard = await this.heard();
    if (heard !== 'challenge') throw new Error(`hello: expected a challenge, got ${heard}`);
    return this.replies[this.read - 1]?.payload as ChallengePayload;
  }

  claims(challenge: string): object {
    const iat = Math.floor(this.wall() / 1_000);
    return { robot: this.robot, peer: this.peer, challenge, iat };
  }

  token(typ: TokenType, challenge: string, more: object, signer = this.signer): Promise<string> {
    return signToken(signer, typ, { ...this.claims(challenge), ...more });
  }

  async bindToken(from: ChallengePayload, secret: string, bent: object = {}): Promise<string> {
    const token = await this.token(TYP.bind, from.challenge, { invitation: secret, ...bent });
    return encryptJwe(from.encryptionKey, token);
  }

  async bind(secret: string): Promise<Heard> {
    this.say({ kind: 'bind', token: await this.bindToken(await this.hello(), secret) });
    return this.heard();
  }

  offerToken(challenge: string, bent: object = {}): Promise<string> {
    return this.token(TYP.offer, challenge, { sdp: 'v=0 offer', ...bent });
  }

  async offer(): Promise<Heard> {
    const { challenge } = await this.hello();
    this.say({ kind: 'offer', token: await this.offerToken(challenge) });
    return this.heard();
  }

  private async take(bytes: Uint8Array): Promise<void> {
    const message = SignalDown.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const [typ, schema] = REPLIES[message.kind];
    const opened = await openToken<Record<string, unknown>>(message.token, typ, schema);
    if (opened.ok) this.replies.push({ kind: message.kind, payload: opened.payload });
  }
}

/** A bound pupil's device. */
export async function boundPupil(
  robot: TestRobot,
  broker: TapBroker,
  wall: () => number,
): Promise<RawPupil> {
  const pupil = await RawPupil.at(broker, wall);
  const { invitation } = await robot.invite();
  const heard = await pupil.bind(invitation.secret);
  if (heard !== 'bound') throw new Error(`bind: expected bound, got ${heard}`);
  return pupil;
}

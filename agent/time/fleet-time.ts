/**
 * Asks the fleet what time it is, where no time server can be reached and the fleet's key is
 * configured. The answer is signed and names the nonce of the question, so the broker can neither
 * make one up nor say an old one again; at most it can be late, and by how much is measured.
 */
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import { TimeAnswer } from '../wire/fleet-time.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce, openToken } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { judges, type Moment } from './moment.ts';

const ASK_MS = 60_000;
/** An answer that comes later tells too little; a signed time is a few hundred bytes. */
const ANSWER = { withinMs: 10_000, maxBytes: 4_096 } as const;
/** Answers that are looked at at the same time: a flood of false ones costs no more than that. */
const MAX_READING = 4;

interface FleetTimeParts {
  readonly robot: string;
  /** RFC 7638 thumbprint of the key that signs; without one nobody is asked. */
  readonly fleetKey: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: { now(): Moment; signed(saidMs: number): void };
}

export class FleetTime {
  private asked: { nonce: string; atMs: number } | undefined;
  private timer: Timer | undefined;
  private reading = 0;

  constructor(private readonly parts: FleetTimeParts) {}

  start(broker: Broker): void {
    const { robot, fleetKey, clock, log } = this.parts;
    if (fleetKey === undefined) return;
    broker
      .subscribe(topics.timeAnswer(robot), (_topic, payload) => this.heard(payload))
      .catch((error: unknown) => log.debug({ error: String(error) }, 'not listening for time yet'));
    broker.onConnected((connected) => connected && this.ask(broker));
    this.timer = clock.every(ASK_MS, () => this.ask(broker));
    this.ask(broker);
  }

  stop(): void {
    this.timer?.cancel();
    this.asked = undefined;
  }

  private ask(broker: Broker): void {
    const { robot, clock, time, log } = this.parts;
    if (!broker.connected || judges(time.now().trust)) return;
    const nonce = freshNonce();
    this.asked = { nonce, atMs: clock.now() };
    broker
      .publish(topics.timeQuestion(robot), JSON.stringify({ nonce }))
      .catch((error: unknown) => log.debug({ error: String(error) }, 'time not asked for'));
  }

  private heard(payload: Uint8Array): void {
    const { asked } = this;
    if (!asked || this.reading >= MAX_READING || payload.byteLength > ANSWER.maxBytes) return;
    this.reading += 1;
    const heardMs = this.parts.clock.now();
    void this.read(new TextDecoder().decode(payload), asked, heardMs).finally(() => {
      this.reading -= 1;
    });
  }

  private async read(
    token: string,
    asked: { readonly nonce: string; readonly atMs: number },
    heardMs: number,
  ): Promise<void> {
    const { robot, fleetKey, clock, time, log } = this.parts;
    const fits = (claims: TimeAnswer): 'notAuthentic' | undefined =>
      claims.robot === robot && claims.nonce === asked.nonce ? undefined : 'notAuthentic';
    const opened = await openToken(token, TYP.time, TimeAnswer, fits);
    if (!opened.ok || opened.signer !== fleetKey || this.asked !== asked) return;
    const tripMs = heardMs - asked.atMs;
    if (tripMs > ANSWER.withinMs) return;
    this.asked = undefined;
    log.info({ tripMs: Math.round(tripMs) }, 'the fleet said what time it is');
    // It was said somewhere between the question and the answer.
    time.signed(opened.payload.atMs + tripMs / 2 + (clock.now() - heardMs));
  }
}

/**
 * Requests the time from the fleet, where no time server is reachable and the fleet's key is
 * configured. The answer is signed and contains the request's nonce, so the broker can neither
 * forge nor replay one; it can only delay it, and the delay is measured.
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
/** A later answer is too inaccurate; a signed time is a few hundred bytes. */
const ANSWER = { withinMs: 10_000, maxBytes: 4_096 } as const;
/** Answers verified concurrently, which bounds the cost of a flood of false ones. */
const MAX_READING = 4;

interface FleetTimeParts {
  readonly robot: string;
  /** RFC 7638 thumbprint of the signing key; without one no time is requested. */
  readonly fleetKey: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: { now(): Moment; signed(saidMs: number): void };
}

export class FleetTime {
  private pending: { nonce: string; atMs: number } | undefined;
  private timer: Timer | undefined;
  private reading = 0;

  constructor(private readonly parts: FleetTimeParts) {}

  start(broker: Broker): void {
    const { robot, fleetKey, clock, log } = this.parts;
    if (fleetKey === undefined) return;
    broker
      .subscribe(topics.timeAnswer(robot), (_topic, payload) => this.onAnswer(payload))
      .catch((error: unknown) => log.debug({ error: String(error) }, 'not listening for time yet'));
    broker.onConnected((connected) => connected && this.ask(broker));
    this.timer = clock.every(ASK_MS, () => this.ask(broker));
    this.ask(broker);
  }

  stop(): void {
    this.timer?.cancel();
    this.pending = undefined;
  }

  private ask(broker: Broker): void {
    const { robot, clock, time, log } = this.parts;
    if (!broker.connected || judges(time.now().trust)) return;
    const nonce = freshNonce();
    this.pending = { nonce, atMs: clock.now() };
    broker
      .publish(topics.timeQuestion(robot), JSON.stringify({ nonce }))
      .catch((error: unknown) => log.debug({ error: String(error) }, 'time not asked for'));
  }

  private onAnswer(payload: Uint8Array): void {
    const { pending } = this;
    if (!pending || this.reading >= MAX_READING || payload.byteLength > ANSWER.maxBytes) return;
    this.reading += 1;
    const receivedMs = this.parts.clock.now();
    void this.read(new TextDecoder().decode(payload), pending, receivedMs).finally(() => {
      this.reading -= 1;
    });
  }

  private async read(
    token: string,
    pending: { readonly nonce: string; readonly atMs: number },
    receivedMs: number,
  ): Promise<void> {
    const { robot, fleetKey, clock, time, log } = this.parts;
    const mismatch = (claims: TimeAnswer): 'notAuthentic' | undefined =>
      claims.robot === robot && claims.nonce === pending.nonce ? undefined : 'notAuthentic';
    const opened = await openToken(token, TYP.time, TimeAnswer, mismatch);
    if (!opened.ok || opened.signer !== fleetKey || this.pending !== pending) return;
    const tripMs = receivedMs - pending.atMs;
    if (tripMs > ANSWER.withinMs) return;
    this.pending = undefined;
    log.info({ tripMs: Math.round(tripMs) }, 'the fleet said what time it is');
    // It was signed some time between request and answer.
    time.signed(opened.payload.atMs + tripMs / 2 + (clock.now() - receivedMs));
  }
}

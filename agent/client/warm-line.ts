import { freshPeerId } from '../wire/token.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';
import { type Line, openLine } from './line.ts';
import type { OpenTransport } from './transport.ts';
import type { Binding } from './types.ts';

/** A line that nobody used by then is closed again. */
const KEEP_MS = 60_000;

interface Warm {
  readonly binding: Binding;
  readonly peer: string;
  readonly line: Promise<Line>;
  readonly timer: ClientTimer;
}

/** At most one line to a robot, opened ahead of need: it saves TLS and MQTT on the way into class. */
export class WarmLine {
  private warm: Warm | undefined;

  constructor(
    private readonly openTransport: OpenTransport,
    private readonly clock: ClientClock,
  ) {}

  async open(binding: Binding): Promise<void> {
    this.drop();
    const peer = freshPeerId();
    const line = openLine(this.openTransport, this.clock, binding, peer);
    const timer = this.clock.after(KEEP_MS, () => this.drop());
    this.warm = { binding, peer, line, timer };
    await line;
  }

  /** The line if it leads to this robot, and the peer id to go on with in any case. */
  take(binding: Binding): { peer: string; line: Promise<Line> | undefined } {
    const { warm } = this;
    const fits = warm?.binding.robotKey === binding.robotKey;
    if (!warm || !fits || warm.binding.broker !== binding.broker) {
      this.drop();
      return { peer: freshPeerId(), line: undefined };
    }
    warm.timer.cancel();
    this.warm = undefined;
    return { peer: warm.peer, line: warm.line };
  }

  private drop(): void {
    this.warm?.timer.cancel();
    this.warm?.line.then((line) => line.close()).catch(() => undefined);
    this.warm = undefined;
  }
}

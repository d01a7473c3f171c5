import type { AdminClient } from '../../agent/access/admin-client.ts';
import { AdminClientError } from '../../agent/access/admin-client.ts';
import type { PauseAnswer } from '../../agent/pages/station/messages.ts';
import type { ApiAnswer } from '../../agent/web/web-server.ts';
import { SerialQueue } from '../../hal/common/asynchrony.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { HardwareFault } from '../../hal/ports/fault.ts';

/** Firmware that has just ended is restarted within this. */
const PATIENCE_MS = 4_000;
const LOOK_AGAIN_MS = 25;

interface PauseDeskParts {
  readonly clock: Clock;
  /** Must not wait for an absent agent: that is done here. */
  readonly admin: Pick<AdminClient, 'status'>;
  /** Presses the teacher's button; resolves with the time, on the machine's monotonic clock. */
  readonly press: () => Promise<number>;
}

interface PauseReport {
  readonly paused: boolean;
  readonly atMs: number;
}

/**
 * Sets the pause as requested on the station's page. Firmware's button has presses only, and their
 * meaning depends on state (a raised hand takes one: firmware/safety/press.ts). So the button is
 * pressed until firmware reports the requested state, and not at all when it already has it, as two
 * pages may request the same.
 */
export class PauseDesk {
  private readonly turns = new SerialQueue();

  constructor(private readonly parts: PauseDeskParts) {}

  /** For the API: 503 when firmware did not reach the requested state. One request at a time. */
  answer(wanted: boolean): Promise<ApiAnswer> {
    return this.turns.run(() => this.bring(wanted));
  }

  private async bring(wanted: boolean): Promise<ApiAnswer> {
    const { clock } = this.parts;
    const giveUpMs = clock.now() + PATIENCE_MS;
    let pressedAtMs = Number.NEGATIVE_INFINITY;
    for (;;) {
      const report = await this.readReport();
      // A report from before the press does not count: the next press might undo it.
      const current = report && report.atMs > pressedAtMs ? report : undefined;
      if (current?.paused === wanted) return answerOf({ paused: wanted });
      if (clock.now() >= giveUpMs) return { status: 503, body: { error: 'firmwareAway' } };
      if (current) pressedAtMs = (await this.press()) ?? pressedAtMs;
      await delay(clock, LOOK_AGAIN_MS);
    }
  }

  private async readReport(): Promise<PauseReport | undefined> {
    try {
      return (await this.parts.admin.status()).health.body ?? undefined;
    } catch (error) {
      if (error instanceof AdminClientError) return undefined;
      throw error;
    }
  }

  /** Undefined: the button could not be reached. */
  private async press(): Promise<number | undefined> {
    try {
      return await this.parts.press();
    } catch (error) {
      if (error instanceof HardwareFault) return undefined;
      throw error;
    }
  }
}

function answerOf(body: PauseAnswer): ApiAnswer {
  return { status: 200, body };
}

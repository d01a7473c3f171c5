import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { PeerStats } from '../media-link/peer.ts';
import type { Command } from '../wire/control.ts';
import { largest, nextSession, type PictureSize, type Sizing, stepSizing } from './picture-size.ts';

const PERIOD_MS = 1_000;
/** The pupil reports every two seconds; older reports are ignored. */
const REPORT_GOOD_FOR_MS = 5_000;

type Choice = Extract<Command, { kind: 'picture' }>['size'];

interface PictureSizeControllerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Of the pupil's connection; undefined when there is none, or no camera picture is sent. */
  readonly stats: () => Promise<PeerStats> | undefined;
  /** Called when the wanted size changes. */
  readonly onSize: (size: PictureSize) => void;
}

/** Chooses the picture size while the pupil's choice is `auto`; otherwise uses that choice. */
export class PictureSizeController {
  private choice: Choice = 'auto';
  private sizing: Sizing = largest;
  private timer: Timer | undefined;
  private report: { delayMs: number | null; atMs: number } | undefined;

  constructor(private readonly parts: PictureSizeControllerParts) {}

  get size(): PictureSize {
    return this.choice === 'auto' ? this.sizing.size : this.choice;
  }

  /** Whether a pupil is in class; the choice is reset when the session ends. */
  follow(session: boolean): void {
    if (session === (this.timer !== undefined)) return;
    this.timer?.cancel();
    this.timer = session ? this.parts.clock.every(PERIOD_MS, () => void this.sample()) : undefined;
    if (session) return;
    this.choice = 'auto';
    this.report = undefined;
    this.sizing = nextSession(this.sizing);
  }

  choose(choice: Choice): void {
    this.change(() => {
      this.choice = choice;
    });
  }

  /** The delay that the pupil's page measured, milliseconds; null: none. */
  measured(delayMs: number | null): void {
    this.report = { delayMs, atMs: this.parts.clock.now() };
  }

  private async sample(): Promise<void> {
    const reading = this.parts.stats();
    if (!reading) return;
    const stats = await reading.catch(() => undefined);
    if (!stats || !this.timer) return;
    // Measurements at a manually chosen size say nothing about the automatic choice.
    if (this.choice !== 'auto') return;
    const { encodeMs, lossRatio, roundTripMs } = stats;
    const { sizing } = this;
    this.change(() => {
      this.sizing = stepSizing(sizing, {
        ...{ encodeMs, lossRatio, roundTripMs },
        delayMs: this.reportedMs,
      });
    });
    if (this.sizing.size !== sizing.size)
      this.parts.log.info({ size: this.sizing.size, why: this.sizing.why }, 'picture size');
  }

  private get reportedMs(): number | undefined {
    const { report } = this;
    if (!report || this.parts.clock.now() - report.atMs > REPORT_GOOD_FOR_MS) return undefined;
    return report.delayMs ?? undefined;
  }

  private change(act: () => void): void {
    const before = this.size;
    act();
    if (this.size !== before) this.parts.onSize(this.size);
  }
}

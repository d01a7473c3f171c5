import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { TimeOfDay } from '../time/time-service.ts';

interface ConsentParts {
  readonly clock: Clock;
  readonly time: TimeOfDay;
  readonly untilS: () => number;
  /** It has ended by itself. */
  readonly onEnd: () => void;
  /** Whether it holds, at each change; the robot shows it. */
  readonly onChange: (holds: boolean) => void;
}

/** How often the end is looked for: the time of day may be corrected. */
const LOOK_MS = 60_000;

/** Notices when the school's consent to support ends. */
export class ConsentWatch {
  private holds: boolean;
  private readonly timer: Timer;

  constructor(private readonly parts: ConsentParts) {
    this.holds = parts.untilS() > 0;
    this.timer = parts.clock.every(LOOK_MS, () => this.look());
    this.look();
  }

  /** Call after each change. */
  look(): void {
    const { time, untilS, onEnd, onChange } = this.parts;
    const until = untilS();
    const before = this.holds;
    this.holds = until > 0 && time.now().wallMs < until * 1_000;
    onChange(this.holds);
    if (before && !this.holds && until > 0) onEnd();
  }

  stop(): void {
    this.timer.cancel();
  }
}

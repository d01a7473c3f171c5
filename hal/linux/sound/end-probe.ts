import type { Programs } from '../../bus/child.ts';
import { within } from '../../common/asynchrony.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { restMs } from '../gst/pipeline-machine.ts';
import { type PipelineEnds, probeEndWords, type Shape } from './pipeline.ts';

type End = keyof Shape;
/** A device that neither opens nor refuses in this time is not back. */
const LIMIT_MS = 3_000;
/** From asking its program to end, and killing it, to not waiting any longer. */
const GONE_MS = 2_000;

/**
 * Tries an end that failed, alone and for a moment, until it opens: the sound of the other end is
 * interrupted once when it is back, and not by each attempt.
 */
export class EndProbe {
  private readonly tries = new Map<End, { failures: number; timer?: Timer }>();

  constructor(
    private readonly programs: Programs,
    private readonly clock: Clock,
    private readonly ends: PipelineEnds,
    private readonly onBack: (end: End) => void,
  ) {}

  watch(end: End): void {
    if (this.tries.has(end)) return;
    this.tries.set(end, { failures: 0 });
    this.again(end);
  }

  forget(end: End): void {
    this.tries.get(end)?.timer?.cancel();
    this.tries.delete(end);
  }

  private again(end: End): void {
    const tried = this.tries.get(end);
    if (!tried) return;
    tried.failures += 1;
    tried.timer = this.clock.after(restMs(tried.failures), () => {
      void this.attemptInTime(end).then((opened) => {
        if (this.tries.get(end) !== tried) return;
        if (!opened) return this.again(end);
        this.tries.delete(end);
        this.onBack(end);
      });
    });
  }

  /** A program that its driver holds for ever is left behind: the next attempt comes all the same. */
  private attemptInTime(end: End): Promise<boolean> {
    return within(this.clock, LIMIT_MS + GONE_MS, this.attempt(end), () => false);
  }

  private async attempt(end: End): Promise<boolean> {
    try {
      const child = await this.programs.start({
        command: 'gst-launch-1.0',
        args: ['-q', ...probeEndWords(end, this.ends)],
        pipes: [],
        onLine: () => {},
      });
      const limit = this.clock.after(LIMIT_MS, () => void child.stop(200));
      const { code } = await child.ended;
      limit.cancel();
      return code === 0;
    } catch {
      return false;
    }
  }
}

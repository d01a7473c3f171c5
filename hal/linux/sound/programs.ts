import type { Programs } from '../../bus/child.ts';
import { HardwareFault } from '../../ports/fault.ts';

/** Says what to install when GStreamer itself is missing. */
export function programsWithAdvice(programs: Programs): Programs {
  return {
    start: (plan) =>
      programs.start(plan).catch((error: unknown) => {
        if (!(error instanceof HardwareFault)) throw error;
        throw new HardwareFault(
          error.kind,
          'sound',
          `${error.message}; install gstreamer1.0-tools, -plugins-base, -plugins-bad and -alsa (or -pulseaudio)`,
          { cause: error },
        );
      }),
  };
}

/** What the world says of a simulated device: whether it works, and how the head stands. */
import type { MediaState } from '../../../hal/ports/media.ts';
import type { HeadMotion } from '../../classroom/render-rays.ts';
import type { FaultName, SwitchName, WorldPort, WorldState } from '../../world/schema.ts';

type Listener = (state: MediaState, why: string) => void;

/** What a device needs to work. */
interface Needs {
  /** The line that powers it. */
  readonly line: SwitchName;
  readonly unplugged: FaultName;
  /** Reason reported when it is unplugged. */
  readonly why: string;
}

/** Keeps a device's state and notifies of changes. */
export class DeviceState {
  private listeners: Listener[] = [];
  private now: MediaState = 'idle';

  constructor(
    private readonly world: WorldPort,
    private readonly needs: Needs,
  ) {}

  get current(): MediaState {
    return this.now;
  }

  /** Does nothing when the state is the same. */
  become(state: MediaState, why = ''): void {
    if (state === this.now) return;
    this.now = state;
    for (const listener of [...this.listeners]) listener(state, why);
  }

  /**
   * False without power or plug. Also brings the state in line; `broken`: a fault of its own stays.
   */
  works(broken = false): boolean {
    const { line, unplugged, why } = this.needs;
    const { latest } = this.world;
    if (latest?.faults.includes(unplugged)) {
      this.become('fault', why);
      return false;
    }
    if (!latest?.[line]) {
      this.become('waiting');
      return false;
    }
    if (this.now === 'fault' && !broken) this.become('waiting');
    return true;
  }

  onState(listener: Listener): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }
}

/** The world reports every 10 ms; after a longer silence the head's angle is unknown. */
const FURTHEST_MS = 40;

const HEAD_AT_REST: HeadMotion = { panDeg: 0, tiltDeg: 0, panDegPerS: 0, tiltDegPerS: 0 };

/** The head's true pose at a moment, from the world's latest state. */
export function headMotionAt(state: WorldState | undefined, atMs: number): HeadMotion {
  if (!state) return HEAD_AT_REST;
  return movedOn(
    {
      panDeg: state.pan.deg,
      tiltDeg: state.tilt.deg,
      panDegPerS: state.pan.degPerS,
      tiltDegPerS: state.tilt.degPerS,
    },
    atMs - state.atMs,
  );
}

export function movedOn(motion: HeadMotion, byMs: number): HeadMotion {
  const seconds = Math.max(-FURTHEST_MS, Math.min(FURTHEST_MS, byMs)) / 1_000;
  return {
    ...motion,
    panDeg: motion.panDeg + motion.panDegPerS * seconds,
    tiltDeg: motion.tiltDeg + motion.tiltDegPerS * seconds,
  };
}

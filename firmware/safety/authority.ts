import { NONE, type Step } from '../core/state-machine.ts';
import { AUTHORITY_MS, REST_AFTER_MS } from '../link/schema.ts';

/**
 * Whether the agent may move the body. Authority comes with each `desired` and runs out in silence:
 * the head has stopped AUTHORITY_MS after the last one and goes to rest after REST_AFTER_MS.
 */
export type Authority =
  /** Nobody wants anything. The safe state: rest, all off. */
  | { readonly name: 'none' }
  | { readonly name: 'live' }
  /** Silence: the head brakes, because later it would stop too late. The next `desired` goes on. */
  | { readonly name: 'braking' }
  /** Stopped, camera and microphone are off; the head stays where it is for a while. */
  | { readonly name: 'expired' };

export type AuthorityEvent =
  | { readonly type: 'desired' }
  /** `silentMs` since the last `desired` (or the start), `brakeMs` that a stop would take. */
  | { readonly type: 'tick'; readonly silentMs: number; readonly brakeMs: number };

type AuthorityEffect = 'resume' | 'brake' | 'cut';

/** A tick, and the time by which a servo trails its command. */
const STOP_MARGIN_MS = 60;
/** A tick, and the time a switch takes to be off. */
const CUT_MARGIN_MS = 40;

export const stepAuthority: Step<Authority, AuthorityEvent, AuthorityEffect> = (state, event) => {
  if (event.type === 'desired')
    return { state: LIVE, effects: state.name === 'braking' ? ['resume'] : NONE };
  const { silentMs, brakeMs } = event;
  switch (state.name) {
    case 'live':
      if (silentMs + brakeMs + STOP_MARGIN_MS < AUTHORITY_MS) return { state, effects: NONE };
      return { state: { name: 'braking' }, effects: ['brake'] };
    case 'braking':
      if (silentMs + CUT_MARGIN_MS < AUTHORITY_MS) return { state, effects: NONE };
      return { state: { name: 'expired' }, effects: ['cut'] };
    case 'expired':
      if (silentMs < REST_AFTER_MS) return { state, effects: NONE };
      return { state: { name: 'none' }, effects: NONE };
    case 'none':
      return { state, effects: NONE };
  }
};

const LIVE: Authority = { name: 'live' };

import { NONE, type Step } from '../core/state-machine.ts';
import { AUTHORITY_MS, REST_AFTER_MS } from '../link/schema.ts';

/**
 * Whether the agent may move the body. Each `desired` renews authority (a deadman): the head has
 * stopped AUTHORITY_MS after the last one and goes to rest after REST_AFTER_MS.
 */
export type Authority =
  /** Nothing is desired. The safe state: rest, all off. */
  | { readonly name: 'none' }
  | { readonly name: 'live' }
  /** Silence: the head brakes now so as to stop in time. The next `desired` resumes. */
  | { readonly name: 'braking' }
  /** Stopped; camera and microphone are off; the head stays where it is for a while. */
  | { readonly name: 'expired' };

export type AuthorityEvent =
  | { readonly type: 'desired' }
  /**
   * `silentMs`: since the last `desired` (or the start); `brakeMs`: duration of a brake begun now.
   */
  | { readonly type: 'tick'; readonly silentMs: number; readonly brakeMs: number };

type AuthorityEffect = 'resume' | 'brake' | 'cut';

/** A tick and the lag of a servo. */
const STOP_MARGIN_MS = 60;
/** A tick and the switch-off time of a rail. */
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

import type { Clock } from '../../../../hal/ports/clock.ts';
import type { PupilClientApi } from '../../../client/api.ts';
import type { LanguageChoice } from '../../shared/i18n.ts';
import type { Unfit } from '../device/fitness.ts';
import type { MediaSource } from '../device/microphone.ts';
import type { PinLock } from '../device/pin-lock.ts';
import type { TabChannel } from '../device/tabs.ts';
import type { Say } from '../words/dictionaries.ts';

/** What the page is given of the world around it. */
export interface Services {
  readonly client: PupilClientApi;
  readonly pin: PinLock;
  readonly clock: Clock;
  readonly language: LanguageChoice;
  /** Undefined where the browser lends no microphone. */
  readonly mediaSource: MediaSource | undefined;
  /** Undefined where the browser has none. */
  readonly tabChannel: TabChannel | undefined;
  /** What this browser lacks to come to class at all. */
  readonly unfitness: () => Promise<Unfit | undefined>;
}

/** What each screen is given. `signal` ends its listeners when the screen goes. */
export interface ScreenContext {
  readonly say: Say;
  readonly clock: Clock;
  readonly language: LanguageChoice;
  readonly signal: AbortSignal;
  /** Tells screen readers; `assertive` interrupts what they are saying. */
  readonly announce: (text: string, urgency: 'polite' | 'assertive') => void;
}

import type { Clock } from '../../../hal/ports/clock.ts';
import { h, s, setText } from '../shared/dom.ts';
import type { Translate } from '../shared/i18n.ts';
import type { StationKey, StationWords } from './words.ts';

/** How the lesson is, for the person beside it. */
interface LessonNow {
  /** The station answers; the rest is how it was when it did. */
  readonly answered: boolean;
  /** A pupil is in class or on the way. */
  readonly pupil: boolean;
  /** null: nobody knows yet. */
  readonly paused: boolean | null;
  /** By the button here; else the board has one of its own. */
  readonly pausable: boolean;
}

interface PauseCardParts {
  readonly clock: Clock;
  /** Resolves when it was done or has failed. */
  readonly onPress: (pause: boolean) => Promise<boolean>;
}

type State = 'away' | 'starting' | 'empty' | 'live' | 'paused' | 'pausedEmpty';

/** The second tap of somebody who taps everything twice must not undo the first. */
const SETTLE_MS = 700;

const PAUSE = 'M8 5v14M16 5v14';
const GO_ON = 'M8 5.5v13l10-6.5z';

/** The teacher's button of a computer that has none, and what it has brought about. */
export class PauseCard {
  private now: LessonNow | undefined;
  private say: Translate<StationWords> | undefined;
  private busy = false;
  private failed = false;
  private quietUntilMs = 0;
  private readonly title = h('strong', { class: 'pause-title' });
  private readonly text = h('span', { class: 'pause-text' });
  private readonly trouble = h('p', { role: 'alert', class: 'pause-trouble', id: 'pause-trouble' });
  private readonly sign = s('path');
  private readonly label = h('span');
  private readonly button = h('button', { id: 'pause', type: 'button', class: 'button' });
  private readonly card = h('section', { class: 'card wide pause' });

  constructor(private readonly parts: PauseCardParts) {
    const icon = { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'pause-sign' };
    this.button.append(s('svg', icon, this.sign), this.label);
    this.button.addEventListener('click', () => void this.press());
    this.button.addEventListener('keydown', (event) => {
      // A key that is held is one press.
      if (event.repeat) event.preventDefault();
    });
    const state = { role: 'status', class: 'pause-state', 'data-part': 'classroom' };
    this.card.append(h('p', state, this.title, this.text), this.button, this.trouble);
  }

  render(say: Translate<StationWords>): HTMLElement {
    this.say = say;
    this.card.setAttribute('aria-label', say('classroom'));
    this.draw();
    return this.card;
  }

  show(now: LessonNow): void {
    if (this.now?.paused !== now.paused) this.failed = false;
    this.now = now;
    this.draw();
  }

  private async press(): Promise<void> {
    const { clock, onPress } = this.parts;
    if (this.busy || clock.now() < this.quietUntilMs) return;
    this.busy = true;
    this.failed = false;
    this.draw();
    const done = await onPress(this.now?.paused !== true);
    this.busy = false;
    this.failed = !done;
    this.quietUntilMs = clock.now() + SETTLE_MS;
    this.draw();
  }

  private draw(): void {
    const { say, now } = this;
    if (!say) return;
    const state = stateOf(now);
    const paused = now?.paused === true;
    const [title, text] = WORDS[state];
    this.card.dataset.state = state;
    setText(this.title, say(title));
    setText(this.text, say(text));
    setText(this.label, say(paused ? 'goOn' : 'pause'));
    this.sign.setAttribute('d', paused ? GO_ON : PAUSE);
    this.sign.setAttribute('class', paused ? 'filled' : '');
    this.button.classList.toggle('primary', paused || state === 'live');
    this.button.hidden = now?.pausable === false;
    this.button.setAttribute('aria-busy', String(this.busy));
    setText(this.trouble, this.failed ? say(paused ? 'goOnFailed' : 'pauseFailed') : '');
  }
}

const WORDS: Readonly<Record<State, readonly [title: StationKey, text: StationKey]>> = {
  away: ['lifeAway', 'lifeAwayText'],
  starting: ['lifeInit', 'lifeInitText'],
  empty: ['lifeReady', 'lifeReadyText'],
  live: ['lifeLive', 'lifeLiveText'],
  paused: ['lifePaused', 'lifePausedText'],
  pausedEmpty: ['lifePaused', 'lifePausedEmptyText'],
};

function stateOf(now: LessonNow | undefined): State {
  if (now?.answered === false) return 'away';
  if (!now || now.paused === null) return 'starting';
  if (now.paused) return now.pupil ? 'paused' : 'pausedEmpty';
  return now.pupil ? 'live' : 'empty';
}

import type { Clock } from '../../../../hal/ports/clock.ts';
import type { PupilClientApi } from '../../../client/api.ts';
import { h } from '../../shared/dom.ts';
import { type LanguageChoice, languageSelect } from '../../shared/i18n.ts';
import type { Unfit } from '../device/fitness.ts';
import type { MediaSource } from '../device/microphone.ts';
import type { PinLock } from '../device/pin-lock.ts';
import type { TabChannel } from '../device/tabs.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { type IconName, icon } from './icons.ts';

/** What the page is given of the world around it. */
export interface Services {
  readonly client: PupilClientApi;
  readonly pin: PinLock;
  readonly clock: Clock;
  readonly language: LanguageChoice;
  /** Undefined where the browser grants no microphone. */
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

/** The calm frame of every screen but the class: name and language on top, one card in the middle. */
export function frame(
  context: ScreenContext,
  picture: IconName,
  ...content: HTMLElement[]
): HTMLElement {
  const header = h(
    'header',
    { class: 'frame-top' },
    h('span', { class: 'wordmark' }, icon('robot'), 'Deskmate'),
    languageSelect(context.language),
  );
  const badge = h('div', { class: 'badge', 'aria-hidden': 'true' }, icon(picture));
  return h(
    'div',
    { class: 'frame' },
    header,
    h('main', { class: 'frame-main' }, h('div', { class: 'card frame-card' }, badge, ...content)),
  );
}

/** The heading takes the focus when its screen opens, so that a screen reader begins there. */
export function heading(text: string): HTMLHeadingElement {
  return h('h1', { tabindex: -1 }, text);
}

export function button(
  id: string,
  text: string,
  style: 'primary' | 'plain' | 'stop' | 'usual',
  act: () => void,
  picture?: IconName,
): HTMLButtonElement {
  const look = style === 'usual' ? 'button' : `button ${style}`;
  const made = h('button', { id, type: 'button', class: look }, picture && icon(picture), text);
  made.addEventListener('click', act);
  return made;
}

export function note(kind: 'plain' | 'warn' | 'bad', text: string, picture: IconName): HTMLElement {
  const look = kind === 'plain' ? 'note' : `note ${kind}`;
  return h('p', { class: look }, icon(picture), h('span', {}, text));
}

/** Asks once before something that cannot be taken back with one press. */
export function confirmDialog(
  id: string,
  say: Say,
  words: Readonly<Record<'title' | 'text' | 'yes' | 'no', PlainKey>>,
  act: () => void,
): HTMLDialogElement {
  const dialog = h('dialog', {
    id,
    class: 'dialog',
    'aria-labelledby': `${id}-title`,
    'aria-describedby': `${id}-text`,
  });
  const yes = button(`${id}-yes`, say(words.yes), 'stop', () => {
    dialog.close('yes');
    act();
  });
  const no = button(`${id}-no`, say(words.no), 'usual', () => dialog.close('no'));
  dialog.append(
    h('h2', { id: `${id}-title` }, say(words.title)),
    h('p', { id: `${id}-text` }, say(words.text)),
    h('div', { class: 'row end' }, no, yes),
  );
  return dialog;
}

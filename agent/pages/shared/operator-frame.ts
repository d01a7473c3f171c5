/** What the pages of the person beside the robot have in common. */
import type { Clock } from '../../../hal/ports/clock.ts';
import { type Child, h } from './dom.ts';
import type { LanguageChoice } from './i18n.ts';
import { languageSelect } from './language-select.ts';

const POLL_MS = 2_000;

/** Asks now and every two seconds. A page that nobody looks at asks nothing. */
export function whileSeen(clock: Clock, ask: () => Promise<void>): void {
  const poll = (): void => {
    if (!document.hidden) void ask();
  };
  poll();
  clock.every(POLL_MS, poll);
}

export interface FrameParts {
  readonly root: HTMLElement;
  readonly language: LanguageChoice;
  readonly heading: string;
  /** The label of the choice of languages. */
  readonly languageLabel: string;
}

/** Draws the whole page. Who has just chosen a language keeps the focus. */
export function drawFrame(
  { root, language, heading, languageLabel }: FrameParts,
  ...main: Child[]
) {
  const hadFocus = document.activeElement?.id === 'language';
  root.replaceChildren(
    h(
      'div',
      { class: 'home' },
      h(
        'header',
        { class: 'home-top' },
        h('span', { class: 'wordmark' }, 'Deskmate'),
        languageSelect(language, languageLabel),
      ),
      h('main', {}, h('h1', {}, heading), ...main),
    ),
  );
  if (hadFocus) document.querySelector<HTMLElement>('#language')?.focus();
}

/** A card that tells how things are. */
export function statusCard(title: string, ...content: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'card wide', 'aria-labelledby': 'status-title' },
    h('h2', { id: 'status-title' }, title),
    ...content,
  );
}

/** One thing and how it is, with a mark that tells well from not well; `part` is for tests. */
export function statusRow(
  { part, well }: { part: string; well: boolean },
  name: string,
  value: string,
  ...details: Child[]
): HTMLElement {
  return h(
    'div',
    { 'data-part': part, 'data-well': String(well) },
    h('dt', {}, name),
    h('dd', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }), value),
    ...details,
  );
}

import { h, setText } from '../../../../agent/pages/shared/dom.ts';
import type { Look } from '../model/look.ts';
import type { Say } from '../words/dictionaries.ts';
import { HAND_WORDS, RING_WORDS } from '../words/light-words.ts';
import type { Lamps } from './readings.ts';

/** What the class reads from the lights, in words under the picture. Changes are read out. */
export class SeenStrip {
  readonly element: HTMLElement;
  private readonly ring = chip('seen-ring');
  private readonly watch = chip('seen-watch');
  private readonly hand = chip('seen-hand');

  constructor(private readonly say: Say) {
    this.element = h(
      'ul',
      { id: 'seen', class: 'seen', 'aria-label': say('seenTitle'), 'aria-live': 'polite' },
      this.watch,
      this.ring,
      this.hand,
    );
  }

  show(look: Look, { ring, hand }: Lamps): void {
    mark(this.ring, ring, this.say(RING_WORDS[ring]));
    mark(this.hand, hand, this.say(HAND_WORDS[hand]));
    mark(this.watch, look.watch ? 'on' : 'off', this.say(look.watch ? 'watchOn' : 'watchOff'));
  }
}

function chip(id: string): HTMLElement {
  return h(
    'li',
    { id, class: 'chip' },
    h('span', { class: 'lamp', 'aria-hidden': 'true' }),
    h('span'),
  );
}

function mark(element: HTMLElement, value: string, text: string): void {
  if (element.dataset.value !== value) element.dataset.value = value;
  if (element.lastElementChild) setText(element.lastElementChild, text);
}

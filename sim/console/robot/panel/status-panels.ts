import { h, setText } from '../../../../agent/pages/shared/dom.ts';
import type { SimStatus } from '../../messages.ts';
import type { Look } from '../model/look.ts';
import type { Say } from '../words/dictionaries.ts';
import { duration, HAND_WORDS, type Lamps, type Reading, RING_WORDS } from './readings.ts';

/** A list of readings. Rows are made once and then only changed where their words changed. */
export class ReadingsPanel {
  readonly element: HTMLDListElement;
  private readonly values = new Map<string, HTMLElement>();

  constructor(
    private readonly say: Say,
    id: string,
  ) {
    this.element = h('dl', { id, class: 'readings' });
  }

  show(readings: readonly Reading[]): void {
    for (const reading of readings) this.showOne(reading);
  }

  private showOne({ key, label, value, text, alarm = false }: Reading): void {
    const element = this.values.get(key) ?? this.addRow(key, this.say(label));
    setText(element, text);
    if (element.dataset.value !== value) element.dataset.value = value;
    element.classList.toggle('alarm', alarm);
  }

  private addRow(key: string, label: string): HTMLElement {
    const value = h('dd', { 'data-key': key });
    this.element.append(h('div', {}, h('dt', {}, label), value));
    this.values.set(key, value);
    return value;
  }
}

/** The newest warnings from the logs of the processes, newest first. */
export class WarningsPanel {
  readonly element: HTMLElement;
  private readonly list = h('ul', { id: 'warnings', class: 'warnings' });

  constructor(private readonly say: Say) {
    this.element = h('div', {}, h('h3', {}, say('warningsTitle')), this.list);
  }

  show(warnings: SimStatus['warnings']): void {
    const rows = warnings
      .toReversed()
      .map(({ secondsAgo, process, text }) =>
        h(
          'li',
          {},
          h('span', { class: 'soft' }, `${duration(secondsAgo)} · ${process}`),
          ` ${text}`,
        ),
      );
    this.list.replaceChildren(
      ...(rows.length > 0 ? rows : [h('li', { class: 'soft' }, this.say('noWarnings'))]),
    );
  }
}

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

import { h } from '../../../../agent/pages/shared/dom.ts';
import type { SimStatus } from '../../messages.ts';
import type { Say } from '../words/dictionaries.ts';
import { duration } from './readings.ts';

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

/** What can be done with the robots that were selected. */
import { h, setText } from '../../shared/dom.ts';
import { may } from '../access/passport.ts';
import { button } from '../parts/dialog.ts';
import { failureText, type Ui } from '../parts/ui.ts';

const IDENTIFY_S = 10;

export class SelectionBar {
  readonly element = h('div', { id: 'selection', class: 'selection', role: 'group' });
  private readonly count = h('p', { role: 'status' });
  private readonly news = h('p', { role: 'status', id: 'selection-news' });
  private readonly identify: HTMLButtonElement;

  constructor(
    private readonly ui: Ui,
    private readonly onChange: () => void,
  ) {
    const { say, list } = ui;
    this.identify = button({ id: 'identify-selected' }, say('actIdentify'), () => this.find());
    const clear = button({ id: 'clear-selection', kind: 'plain' }, say('clearSelection'), () => {
      list.clearSelection();
      this.onChange();
    });
    this.element.append(this.count, this.identify, clear, this.news);
  }

  draw(): void {
    const { list, say, passport } = this.ui;
    const { selection } = list;
    this.element.hidden = selection.length === 0;
    setText(this.count, selection.length === 0 ? '' : say('selected', { count: selection.length }));
    this.identify.disabled = !selection.some((robot) => may(passport, 'identify', robot));
  }

  private find(): void {
    const { list, orders, passport, say } = this.ui;
    const robots = list.selection.filter((robot) => may(passport, 'identify', robot));
    setText(this.news, say('orderSending'));
    const given = robots.map(
      ({ id }) =>
        new Promise<void>((resolve, reject) => {
          const leaving = new AbortController();
          const onSent = (): void => {
            leaving.abort();
            resolve();
          };
          const action = { kind: 'identify', seconds: IDENTIFY_S } as const;
          orders.give({ robot: id, action, onSent, signal: leaving.signal }).catch(reject);
        }),
    );
    Promise.all(given).then(
      () => setText(this.news, say('orderWaiting')),
      (error) => setText(this.news, failureText(say, error)),
    );
  }
}

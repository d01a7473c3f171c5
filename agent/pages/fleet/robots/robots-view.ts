/** All robots: filter, order, the list itself, and what can be done with several at once. */
import type { Timer } from '../../../../hal/ports/clock.ts';
import { h, setText } from '../../shared/dom.ts';
import { isOff, type Robot } from '../model/robot.ts';
import { SORT_KEYS, type SortKey } from '../model/robot-list.ts';
import { icon } from '../parts/icons.ts';
import { Times } from '../parts/times.ts';
import { titleOf, type Ui, type View } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { gridKey } from './grid-keys.ts';
import { RobotRow, rowId } from './robot-row.ts';
import { SelectionBar } from './selection-bar.ts';
import { VirtualRows } from './virtual-rows.ts';

/** A list that jumps while somebody reads it is worse than one that is a second old. */
const SETTLE_MS = 700;

const QUICK = {
  all: ['quickAll', () => true],
  attention: ['quickAttention', ({ state, faults }) => state === 'alert' || faults.length > 0],
  off: ['quickOff', isOff],
  lesson: ['quickLesson', ({ state }) => state === 'live' || state === 'paused'],
} as const satisfies Record<string, readonly [PlainKey, (robot: Robot) => boolean]>;
type Quick = keyof typeof QUICK;
const quickNamed = (name: string): Quick => (name in QUICK ? (name as Quick) : 'all');

const COLUMNS: Readonly<Record<SortKey, PlainKey>> = {
  ...{ name: 'colName', school: 'colSchool', state: 'colState' },
  ...{ battery: 'colBattery', seen: 'colSeen' },
};

export class RobotsView implements View {
  readonly element = h('section', { class: 'robots', 'aria-labelledby': 'robots-title' });
  private readonly search = h('input', { id: 'search', type: 'search', class: 'input search' });
  private readonly fault = h('p', { id: 'search-fault', class: 'note warn', role: 'alert' });
  private readonly count = h('p', { id: 'count', class: 'soft', role: 'status' });
  private readonly none = h('p', { class: 'none', hidden: true });
  private readonly grid = h('div', { id: 'grid', role: 'grid', tabindex: 0 });
  private readonly scroller = h('div', { class: 'scroller', role: 'rowgroup', tabindex: -1 });
  private readonly space = h('div', { class: 'rows', role: 'presentation' });
  private readonly heads = new Map<SortKey, HTMLElement>();
  private readonly quicks = new Map<Quick, HTMLButtonElement>();
  private readonly sortChoice = h('select', { id: 'sort', class: 'select' });
  private readonly bar: SelectionBar;
  private readonly rows: VirtualRows<Robot>;
  private anchor = 0;
  private pending: Timer | undefined;

  constructor(private readonly ui: Ui) {
    const { say, language } = ui;
    const times = new Times(language, say('justNow'));
    const isActive = ({ id }: Robot): boolean => id === ui.finding.activeId;
    this.rows = new VirtualRows({
      ...{ scroller: this.scroller, space: this.space },
      make: () => new RobotRow({ ui, times, isActive }),
      rowPx: () => Number.parseFloat(getComputedStyle(this.space).getPropertyValue('--row-px')),
    });
    this.bar = new SelectionBar(ui, () => this.draw());
    this.search.value = ui.finding.query;
    this.search.placeholder = say('searchHint');
    this.search.setAttribute('aria-describedby', 'search-help search-fault');
    this.search.addEventListener('input', () => {
      this.scroller.scrollTop = 0;
      this.refilter();
    });
    this.build();
    this.listen();
    this.refilter();
  }

  /** It is on the screen: back to where somebody was. */
  opened(): void {
    this.draw();
    this.scroller.scrollTop = this.ui.finding.topPx;
  }

  /** Changes that come in quick succession are drawn once. */
  update(): void {
    this.pending ??= this.ui.clock.after(SETTLE_MS, () => {
      this.pending = undefined;
      this.draw();
    });
  }

  close(): void {
    this.ui.finding.topPx = this.scroller.scrollTop;
    this.pending?.cancel();
    this.rows.close();
  }

  private build(): void {
    const { say } = this.ui;
    const label = h('label', { class: 'visually-hidden', for: 'search' }, say('search'));
    const help = h('p', { id: 'search-help', class: 'visually-hidden' }, say('searchHelp'));
    this.search.title = say('searchHelp');
    for (const key of SORT_KEYS)
      this.sortChoice.append(h('option', { value: key }, say(COLUMNS[key])));
    const sort = h('label', { class: 'sort-choice' }, say('sortBy'), this.sortChoice);
    const quicks = h('div', { class: 'quicks', role: 'group', 'aria-label': say('search') });
    for (const quick of Object.keys(QUICK) as Quick[]) {
      const chip = h('button', { id: `quick-${quick}`, type: 'button', class: 'chip' });
      chip.addEventListener('click', () => {
        this.ui.finding.quick = quick;
        this.scroller.scrollTop = 0;
        this.refilter();
      });
      this.quicks.set(quick, chip);
      quicks.append(chip);
    }
    this.grid.setAttribute('aria-label', say('title'));
    this.grid.setAttribute('aria-multiselectable', 'true');
    this.grid.setAttribute('aria-describedby', 'grid-help');
    this.scroller.append(this.space, this.none);
    this.grid.append(h('div', { role: 'rowgroup', class: 'heads' }, this.headRow()), this.scroller);
    this.element.append(
      h('h1', { id: 'robots-title', class: 'visually-hidden', tabindex: -1 }, say('title')),
      h('div', { class: 'tools' }, label, this.search, sort),
      help,
      this.fault,
      h('div', { class: 'tools' }, quicks, this.count),
      h('p', { id: 'grid-help', class: 'visually-hidden' }, say('gridHelp')),
      this.grid,
      this.bar.element,
    );
  }

  private headRow(): HTMLElement {
    const row = h('div', { role: 'row', class: 'robot-row head', 'aria-rowindex': 1 });
    row.append(h('span', { role: 'columnheader', class: 'robot-check' }));
    for (const key of SORT_KEYS) {
      const arrow = icon('up');
      arrow.classList.add('sort-arrow');
      const press = h('button', { type: 'button', class: 'head-button', id: `sort-${key}` });
      press.append(this.ui.say(COLUMNS[key]), arrow);
      press.addEventListener('click', () => this.sortBy(key));
      const head = h('span', { role: 'columnheader' }, press);
      this.heads.set(key, head);
      row.append(head);
    }
    return row;
  }

  private listen(): void {
    this.sortChoice.addEventListener('change', () => {
      const key = SORT_KEYS.find((one) => one === this.sortChoice.value);
      if (key) this.sortBy(key, false);
    });
    this.grid.addEventListener('keydown', (event) => this.onKey(event));
    this.space.addEventListener('click', (event) => {
      const target = event.target as Element;
      const id = target.closest<HTMLElement>('.robot-row')?.dataset.robot;
      const robot = id === undefined ? undefined : this.ui.list.get(id);
      if (!robot) return;
      this.ui.finding.activeId = robot.id;
      const index = this.ui.list.shown.indexOf(robot);
      if (target.closest('.robot-check')) this.toggle(index, event.shiftKey);
      else location.hash = `#/robots/${robot.id}`;
    });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.grid) return;
    const { shown } = this.ui.list;
    const at = shown.findIndex(({ id }) => id === this.ui.finding.activeId);
    const move = gridKey(event, { at, rows: shown.length, page: this.rows.pageRows });
    if (!move) return;
    event.preventDefault();
    if (move.kind === 'move') {
      this.ui.finding.activeId = shown[move.to]?.id;
      this.rows.reveal(move.to);
      this.markActive();
    } else if (move.kind === 'select') this.toggle(at, event.shiftKey);
    else location.hash = `#/robots/${this.ui.finding.activeId}`;
  }

  private toggle(index: number, range: boolean): void {
    const { list } = this.ui;
    const robot = list.shown[index];
    if (!robot) return;
    const on = !list.isSelected(robot.id);
    const [from, to] = range ? [Math.min(this.anchor, index), Math.max(this.anchor, index)] : [];
    const ids =
      from === undefined ? [robot.id] : list.shown.slice(from, (to ?? 0) + 1).map(({ id }) => id);
    list.select(ids, range || on);
    this.anchor = index;
    this.draw();
  }

  private sortBy(key: SortKey, turns = true): void {
    const { list } = this.ui;
    const again = turns && list.sort.key === key;
    list.sortBy({ key, descending: again && !list.sort.descending });
    this.scroller.scrollTop = 0;
    this.draw();
  }

  private refilter(): void {
    const { insight, list, clock, language } = this.ui;
    const matcher = insight.matcher(this.search.value, clock.wall(), language);
    setText(this.fault, matcher.ok ? '' : matcher.why);
    this.search.setAttribute('aria-invalid', String(!matcher.ok));
    const { finding } = this.ui;
    finding.query = this.search.value;
    const [, quick] = QUICK[quickNamed(finding.quick)];
    // What cannot be read yet, because somebody is still writing it, changes nothing.
    if (matcher.ok) list.filter((robot) => quick(robot) && matcher.matches(robot));
    this.draw();
  }

  private draw(): void {
    const { list, say } = this.ui;
    const { shown, sort, size } = list;
    this.rows.show(shown);
    setText(this.count, say('count', { shown: shown.length, all: size }));
    this.none.hidden = shown.length > 0;
    setText(this.none, say(size === 0 ? 'noneYet' : 'noRobots'));
    this.grid.setAttribute('aria-rowcount', String(shown.length + 1));
    this.sortChoice.value = sort.key;
    for (const [key, head] of this.heads) {
      const direction = sort.descending ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', key === sort.key ? direction : 'none');
    }
    for (const [quick, chip] of this.quicks) this.drawQuick(quick, chip);
    this.bar.draw();
    this.markActive();
  }

  private drawQuick(quick: Quick, chip: HTMLElement): void {
    const [word, fits] = QUICK[quick];
    let count = 0;
    for (const robot of this.ui.list.all) if (fits(robot)) count++;
    setText(chip, `${this.ui.say(word)} ${count}`);
    chip.setAttribute('aria-pressed', String(quick === this.ui.finding.quick));
  }

  private markActive(): void {
    const { activeId } = this.ui.finding;
    const row = activeId === undefined ? null : document.getElementById(rowId(activeId));
    if (row && !row.hidden) this.grid.setAttribute('aria-activedescendant', row.id);
    else this.grid.removeAttribute('aria-activedescendant');
  }
}

export const changedText = (
  { say }: Ui,
  changed: readonly Robot[],
  word: (robot: Robot) => string,
) => {
  const [only] = changed;
  if (changed.length === 1 && only)
    return say('changedOne', { name: titleOf(only), state: word(only) });
  return say('changedMany', { count: changed.length });
};

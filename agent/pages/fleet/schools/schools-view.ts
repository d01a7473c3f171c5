/** A map of schools as tiles: how many robots are how, and how much they are used. */
import { h, s, setText } from '../../shared/dom.ts';
import { isOfSchools } from '../access/passport.ts';
import { isOff, type Robot } from '../model/robot.ts';
import { icon } from '../parts/icons.ts';
import { failureText, type Ui, type View } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import {
  BANDS,
  type Band,
  type SchoolUsage,
  SMALL_GROUP,
  usageBySchool,
  usageFrom,
  WEEKS,
} from './school-usage.ts';

const PARTS = [
  ['attention', 'quickAttention', 'alert', ({ state }: Robot) => state === 'alert'],
  ['lesson', 'quickLesson', 'live', ({ state }: Robot) => state === 'live' || state === 'paused'],
  ['ready', 'stateReady', 'ready', ({ state }: Robot) => state === 'ready'],
  ['asleep', 'stateSleeping', 'sleeping', ({ state }: Robot) => state === 'sleeping'],
  ['off', 'quickOff', 'lost', isOff],
] as const;

const BAND_WORDS: Readonly<Record<Band, PlainKey>> = {
  ...{ high: 'bandHigh', good: 'bandGood', half: 'bandHalf', low: 'bandLow' },
};

interface Tile {
  readonly element: HTMLElement;
  readonly counts: HTMLElement;
  readonly usage: HTMLElement;
  readonly total: HTMLElement;
}

export class SchoolsView implements View {
  readonly element = h('section', { class: 'page-part' });
  private readonly map = h('ul', { class: 'schools' });
  private readonly news = h('p', { class: 'soft', role: 'status' });
  private readonly tiles = new Map<string, Tile>();
  private usage: ReadonlyMap<string, SchoolUsage> | undefined;

  constructor(private readonly ui: Ui) {
    const { say, passport } = ui;
    this.element.append(h('h1', { tabindex: -1 }, say('schoolsTitle')), this.news, this.map);
    if (passport.role === 'central' || passport.role === 'coordinator') void this.readUsage();
    else setText(this.news, say('usageNotYours'));
    this.update();
  }

  update(): void {
    const schools = new Map<string, Robot[]>();
    for (const robot of this.ui.list.all) {
      if (robot.school === undefined) continue;
      const of = schools.get(robot.school) ?? [];
      of.push(robot);
      schools.set(robot.school, of);
    }
    const ids = [...schools.keys()].sort();
    for (const [index, id] of ids.entries()) {
      const tile = this.tiles.get(id) ?? this.addTile(id, index);
      this.drawCounts(tile, schools.get(id) ?? []);
    }
  }

  private addTile(id: string, index: number): Tile {
    const { say, schoolName } = this.ui;
    const name = schoolName(id);
    const total = h('span', { class: 'soft' });
    const link = h('a', { href: `#/robots?school:${id}`, class: 'school-name' }, name);
    link.setAttribute('aria-label', say('schoolShow', { name }));
    const counts = h('ul', { class: 'school-counts' });
    const usage = h('div', { class: 'school-usage' });
    const head = h('h2', {}, icon('schools') as Node, link);
    const element = h(
      'li',
      { class: 'card school', 'data-school': id },
      head,
      total,
      counts,
      usage,
    );
    const tile = { element, counts, usage, total };
    this.tiles.set(id, tile);
    this.map.insertBefore(element, this.map.children[index] ?? null);
    if (this.usage) this.drawUsage(id, tile);
    return tile;
  }

  private drawCounts({ counts, total }: Tile, robots: readonly Robot[]): void {
    const { say } = this.ui;
    setText(total, say('schoolRobots', { count: robots.length }));
    const lines = PARTS.flatMap(([part, word, drawing, fits]) => {
      const count = robots.filter(fits).length;
      if (count === 0) return [];
      const text = h('span', {}, h('strong', {}, String(count)), ` ${say(word)}`);
      return [h('li', { 'data-part': part }, icon(drawing) as Node, text)];
    });
    const text = lines.map((line) => line.textContent).join();
    if (text === counts.dataset.text) return;
    counts.dataset.text = text;
    counts.replaceChildren(...lines);
  }

  private async readUsage(): Promise<void> {
    const { service, clock, list, say } = this.ui;
    const now = clock.wall();
    try {
      const records = await service.api.usage({ from: Math.floor(usageFrom(now)) });
      this.usage = usageBySchool(records, (robot) => list.get(robot)?.school, now);
      for (const [id, tile] of this.tiles) this.drawUsage(id, tile);
    } catch (error) {
      setText(this.news, failureText(say, error));
    }
  }

  private drawUsage(id: string, { usage }: Tile): void {
    const { say, passport } = this.ui;
    const of = this.usage?.get(id);
    const title = h('h3', {}, say('usageTitle'));
    const small = of !== undefined && of.robots < SMALL_GROUP && !isOfSchools(passport);
    if (of && !small) usage.replaceChildren(title, ...this.hours(of), ...this.bands(of));
    else
      usage.replaceChildren(
        title,
        h('p', { class: 'soft' }, say(small ? 'usageSmall' : 'usageNone')),
      );
  }

  private hours({ hours }: SchoolUsage): Node[] {
    const { say } = this.ui;
    const round = (value: number): number => Math.round(value * 10) / 10;
    const sum = round(hours.reduce((all, one) => all + one, 0));
    const last = round(hours.at(-1) ?? 0);
    const said = say('usageHoursSaid', { hours: sum, weeks: WEEKS, last });
    const most = Math.max(1, ...hours);
    const bars = hours.map((value, index) => {
      const height = (value / most) * 52;
      const at = { x: index * 30 + 3, y: (56 - height).toFixed(1), height: height.toFixed(1) };
      return s('rect', { class: 'hours-bar', ...at, width: 24, rx: 3 });
    });
    const ground = s('path', { class: 'lane-line', d: `M0 57.5H${WEEKS * 30}` });
    const box = { viewBox: `0 0 ${WEEKS * 30} 60`, role: 'img', 'aria-label': said };
    return [
      h('p', { class: 'usage-label' }, say('usageHours')),
      s('svg', { class: 'plot hours', ...box }, ground, ...bars),
      h('p', { class: 'soft usage-said' }, said),
    ];
  }

  private bands({ bands }: SchoolUsage): Node[] {
    const { say } = this.ui;
    const all = BANDS.reduce((sum, band) => sum + bands[band], 0);
    if (all === 0) return [];
    const parts = BANDS.map((band) => {
      const part = h('span', { class: 'band', 'data-band': band });
      part.style.flexGrow = String(bands[band]);
      part.hidden = bands[band] === 0;
      return part;
    });
    const words = BANDS.map((band) => {
      const share = Math.round((100 * bands[band]) / all);
      const key = h('span', { class: 'band-key', 'data-band': band, 'aria-hidden': 'true' });
      return h('li', {}, key, `${say(BAND_WORDS[band])}: ${say('percent', { value: share })}`);
    });
    return [
      h('p', { class: 'usage-label' }, say('usageShare')),
      h('div', { class: 'bands', 'aria-hidden': 'true' }, ...parts),
      h('ul', { class: 'band-words' }, ...words),
    ];
  }
}

/** What a robot went through lately: its states on lanes, its battery, and the same in words. */
import { z } from 'zod';
import { LifeState } from '../../../wire/fleet.ts';
import type { HistoryItem } from '../../../wire/fleet-api.ts';
import { h, s } from '../../shared/dom.ts';
import { stateWord } from '../parts/state-mark.ts';
import { Times } from '../parts/times.ts';
import { failureText, type Ui } from '../parts/ui.ts';
import { HISTORY_ITEMS } from '../service/fleet-service.ts';
import type { PlainKey } from '../words/dictionaries.ts';

const WIDTH = 600;
const LANE_PX = 22;
const LEFT = 92;
const BATTERY_PX = 90;
const LAST_CHANGES = 8;
const DAY_MS = 86_400_000;

/** From top to bottom: how much a robot does. A lane tells it without any colour. */
const LANES = ['laneLesson', 'laneReady', 'laneAsleep', 'laneOff', 'laneAlert'] as const;
const LANE_OF: Readonly<Record<LifeState, number>> = {
  ...{ live: 0, paused: 0, ready: 1, init: 1, updating: 1, sleeping: 2 },
  ...{ disconnected: 3, lost: 3, alert: 4 },
};

interface Span {
  readonly state: LifeState;
  readonly from: number;
  readonly to: number;
}
interface Point {
  readonly at: number;
  readonly percent: number;
}

export class HistoryPart {
  readonly element: HTMLElement;

  constructor(
    private readonly ui: Ui,
    robot: string,
  ) {
    const { say, service } = ui;
    const body = h('div', { class: 'history' }, h('p', { class: 'soft' }, say('loading')));
    const title = h('h2', { id: 'history-title' }, say('history'));
    this.element = h('section', { class: 'card', 'aria-labelledby': 'history-title' }, title, body);
    service.api.history(robot, HISTORY_ITEMS).then(
      (items) => body.replaceChildren(...this.show(items)),
      (error) => body.replaceChildren(h('p', { class: 'soft' }, failureText(say, error))),
    );
  }

  private show(items: readonly HistoryItem[]): Node[] {
    const { say, clock, language } = this.ui;
    const now = clock.wall();
    const spans = spansOf(items, now);
    const points = pointsOf(items);
    const from = Math.min(
      now - DAY_MS,
      ...spans.map((one) => one.from),
      ...points.map((one) => one.at),
    );
    if (spans.length === 0) return [h('p', { class: 'soft' }, say('historyEmpty'))];
    const times = new Times(language, say('justNow'));
    const at = (ms: number): number => LEFT + ((ms - from) / (now - from)) * (WIDTH - LEFT - 8);
    const changes = spans
      .slice(-LAST_CHANGES)
      .reverse()
      .map((span) => h('li', {}, `${times.at(span.from)}: ${stateWord(say, span.state)}`));
    const text = h('details', {}, h('summary', {}, say('historyText')), h('ol', {}, ...changes));
    const ends = h(
      'p',
      { class: 'ends soft', 'aria-hidden': 'true' },
      h('span', {}, times.at(from)),
      h('span', {}, times.at(now)),
    );
    return [
      this.lanes(spans, at) as Node,
      ...(points.length > 1 ? [this.battery(points, at) as Node] : []),
      ends,
      text,
    ];
  }

  private lanes(spans: readonly Span[], at: (ms: number) => number): SVGSVGElement {
    const { say } = this.ui;
    const height = LANES.length * LANE_PX;
    const labels = LANES.map((lane, index) => laneLabel(say(lane as PlainKey), index));
    const bars = spans.map(({ state, from, to }) =>
      s('rect', {
        ...{ class: 'lane-bar', 'data-state': state, x: at(from).toFixed(1) },
        ...{ y: LANE_OF[state] * LANE_PX + 4, height: LANE_PX - 8, rx: 2 },
        width: Math.max(1.5, at(to) - at(from)).toFixed(1),
      }),
    );
    const lines = LANES.map((_, index) => {
      const y = (index + 0.5) * LANE_PX;
      return s('path', { class: 'lane-line', d: `M${LEFT} ${y}H${WIDTH - 8}` });
    });
    return plot(height, say('historyStates'), [...lines, ...bars, ...labels]);
  }

  private battery(points: readonly Point[], at: (ms: number) => number): SVGSVGElement {
    const { say } = this.ui;
    const y = (percent: number): number => 8 + (1 - percent / 100) * (BATTERY_PX - 16);
    const d = points.map(({ at: ms, percent }, index) => {
      const step = index === 0 ? 'M' : 'L';
      return `${step}${at(ms).toFixed(1)} ${y(percent).toFixed(1)}`;
    });
    const marks = [0, 50, 100].flatMap((percent) => [
      s('path', { class: 'lane-line', d: `M${LEFT} ${y(percent)}H${WIDTH - 8}` }),
      svgText(say('percent', { value: percent }), y(percent) + 4),
    ]);
    const line = s('path', { class: 'battery-line', d: d.join('') });
    return plot(BATTERY_PX, say('historyBattery'), [...marks, line]);
  }
}

function spansOf(items: readonly HistoryItem[], now: number): Span[] {
  const changes = items
    .flatMap(({ kind, what, at }) => {
      const state = LifeState.safeParse(what).data;
      return kind === 'state' && state ? [{ state, at }] : [];
    })
    .reverse();
  return changes.map(({ state, at }, index) => ({
    ...{ state, from: at, to: changes[index + 1]?.at ?? now },
  }));
}

const Said = z.looseObject({ batteryPercent: z.number() });

function pointsOf(items: readonly HistoryItem[]): Point[] {
  return items
    .flatMap(({ kind, at, said }) => {
      const percent = Said.safeParse(said).data?.batteryPercent;
      return kind === 'telemetry' && percent !== undefined ? [{ at, percent }] : [];
    })
    .reverse();
}

function plot(height: number, label: string, children: SVGElement[]): SVGSVGElement {
  const box = { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': label };
  return s('svg', { class: 'plot', ...box }, ...children);
}

function svgText(text: string, y: number): SVGElement {
  const label = s('text', { class: 'plot-text', x: LEFT - 10, y, 'text-anchor': 'end' });
  label.textContent = text;
  return label;
}

const laneLabel = (text: string, index: number): SVGElement =>
  svgText(text, index * LANE_PX + LANE_PX / 2 + 4);

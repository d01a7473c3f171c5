/** Everything about one robot. */
import { type Child, h } from '../../shared/dom.ts';
import { AuditPart } from '../audit/audit-part.ts';
import { isOff, type Robot, robotOf } from '../model/robot.ts';
import { icon } from '../parts/icons.ts';
import { stateMark } from '../parts/state-mark.ts';
import { Times } from '../parts/times.ts';
import { failureText, titleOf, type Ui, type View } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { ActionsPart } from './actions-part.ts';
import { HistoryPart } from './history-part.ts';

export class RobotView implements View {
  readonly element = h('section', { class: 'robot', 'aria-labelledby': 'robot-title' });
  private readonly head = h('div', { class: 'robot-head' });
  private readonly facts = h('div', { class: 'card' });
  private readonly times: Times;
  private readonly actions: ActionsPart;
  private drawn = '';

  constructor(
    private readonly ui: Ui,
    private readonly id: string,
  ) {
    const { say, language, passport } = ui;
    this.times = new Times(language, say('justNow'));
    const back = h('a', { id: 'back', class: 'button plain back', href: '#/robots' });
    back.append(icon('back'), say('back'));
    this.actions = new ActionsPart(ui, () => this.robot);
    const staff = passport.role !== 'teacher';
    const audit = staff
      ? new AuditPart(ui, say('auditTitle'), () => ui.orders.audit(id))
      : undefined;
    const history = staff ? new HistoryPart(ui, id) : undefined;
    this.element.append(
      back,
      this.head,
      h(
        'div',
        { class: 'robot-parts' },
        h('div', { class: 'column' }, this.actions.element, history?.element),
        h('div', { class: 'column' }, this.facts, audit?.element),
      ),
    );
    this.draw();
    if (!this.robot) void this.fetch();
  }

  update(): void {
    this.draw();
  }

  close(): void {
    this.actions.close();
  }

  private get robot(): Robot | undefined {
    return this.ui.list.get(this.id);
  }

  private async fetch(): Promise<void> {
    try {
      const robot = robotOf(await this.ui.service.api.robot(this.id));
      if (robot) this.ui.list.put(robot);
      this.draw();
    } catch (error) {
      this.head.replaceChildren(
        h('p', { class: 'note warn', role: 'alert' }, failureText(this.ui.say, error)),
      );
    }
  }

  private draw(): void {
    const { robot } = this;
    if (!robot) return;
    // Drawn anew only when something of it changed: nobody loses the place or the focus.
    const now = JSON.stringify(robot);
    if (now === this.drawn) return;
    this.drawn = now;
    this.head.replaceChildren(...this.headOf(robot));
    this.facts.replaceChildren(...this.factsOf(robot));
    this.actions.draw();
  }

  private headOf(robot: Robot): Child[] & Node[] {
    const { ui, times } = this;
    const { say, insight, clock, language, list } = ui;
    const since =
      robot.sinceMs === undefined ? '' : say('since', { time: times.at(robot.sinceMs) });
    const why = insight.whyOff(robot, list.all, clock.wall(), language);
    const parts: Node[] = [
      h('h1', { id: 'robot-title', tabindex: -1 }, titleOf(robot)),
      h(
        'p',
        { class: 'robot-under' },
        stateMark(say, robot),
        h('span', { class: 'soft' }, since),
        h('span', { class: 'soft' }, ui.schoolName(robot.school)),
        h('span', { class: 'soft' }, robot.name === undefined ? '' : robot.id),
      ),
    ];
    if (
      why !== undefined &&
      (isOff(robot) || robot.state === 'sleeping' || robot.state === 'updating')
    )
      parts.push(
        h(
          'div',
          { id: 'why-off', class: 'note warn why' },
          icon('unknown') as Node,
          h('p', {}, h('strong', {}, `${say('whyOff')} `), why),
        ),
      );
    return parts;
  }

  private factsOf(robot: Robot): Node[] {
    const { say } = this.ui;
    const facts = this.factLines(robot).map(([name, value]) =>
      h('div', {}, h('dt', {}, say(name)), h('dd', {}, value)),
    );
    return [
      h('h2', {}, say('facts')),
      h('dl', { class: 'facts' }, ...facts),
      h('h3', {}, say('faults')),
      robot.faults.length === 0
        ? h('p', { class: 'soft' }, say('noFaults'))
        : h('ul', { class: 'faults' }, ...robot.faults.map((code) => h('li', {}, code))),
      h('h3', {}, say('settings')),
      this.settingsOf(robot),
    ];
  }

  private factLines({ measured, version, seenMs }: Robot): [PlainKey, string][] {
    const { say, clock } = this.ui;
    const { times } = this;
    const lines: [PlainKey, string | undefined][] = [
      ['factSeen', seenMs === undefined ? say('never') : times.ago(seenMs, clock.wall())],
    ];
    if (measured) {
      const { batteryPercent, charging, computerC, dBm, diskFreeMB, nextLessonMs } = measured;
      const { phase, devices, certificateUntilMs } = measured;
      const charge = say('percent', { value: Math.round(batteryPercent) });
      lines.push(
        ['factBattery', charging === true ? `${charge}, ${say('charging')}` : charge],
        ['factNextLesson', nextLessonOf(nextLessonMs, say('noNextLesson'), times)],
        ['factPhase', phase === undefined ? undefined : say('phaseOf', { value: phase })],
        ['factDevices', devices === undefined ? undefined : String(devices)],
        ['factHeat', say('degrees', { value: Math.round(computerC) })],
        ['factSignal', dBm === undefined ? undefined : say('dbm', { value: Math.round(dBm) })],
        ['factDisk', megabytes(diskFreeMB, (value) => say('megabytes', { value }))],
        [
          'factCertificate',
          certificateUntilMs === undefined ? undefined : times.date(certificateUntilMs),
        ],
      );
    }
    lines.push(['factVersion', version]);
    return lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  }

  private settingsOf({ sections }: Robot): HTMLElement {
    const { say } = this.ui;
    const all = Object.entries(sections);
    if (all.length === 0) return h('p', { class: 'soft' }, say('noSettings'));
    const lines = all.map(([name, { version, state, tried = 0, reason = '' }]) => {
      const inForce = version === 0 ? say('settingOwn') : say('settingVersion', { version });
      const more =
        state === 'applied'
          ? say('settingInForce')
          : state === 'trying'
            ? say('settingTrying', { version: tried })
            : say('settingRejected', { version: tried, reason });
      const key = SECTIONS[name];
      const line = h('dd', { 'data-setting': state }, `${inForce}, ${more}`);
      return h('div', {}, h('dt', {}, key ? say(key) : name), line);
    });
    return h('dl', { class: 'facts' }, ...lines);
  }
}

const SECTIONS: Readonly<Record<string, PlainKey>> = {
  ...{ name: 'sectionName', wifi: 'sectionWifi', turn: 'sectionTurn' },
  ...{ privacy: 'sectionPrivacy', limits: 'sectionLimits', log: 'sectionLog' },
};

function nextLessonOf(ms: number | null | undefined, none: string, times: Times) {
  if (ms === undefined) return undefined;
  return ms === null ? none : times.at(ms);
}

const megabytes = (value: number | undefined, tell: (value: number) => string) =>
  value === undefined ? undefined : tell(Math.round(value));

/** Alerts that are open, and who sees to them. */

import type { ApiAlert } from '../../../wire/fleet-api.ts';
import { h, setText } from '../../shared/dom.ts';
import { button } from '../parts/dialog.ts';
import { icon } from '../parts/icons.ts';
import { Times } from '../parts/times.ts';
import { failureText, titleOf, type Ui, type View } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';

/** By what their kinds begin with. */
const WORDS: readonly (readonly [start: string, word: PlainKey])[] = [
  ['battery', 'alertBattery'],
  ['certificate', 'alertCertificate'],
  ['unused', 'alertUnused'],
  ['notUsed', 'alertUnused'],
  ['lost', 'alertLost'],
  ['silent', 'alertLost'],
  ['offline', 'alertLost'],
  ['disk', 'alertDisk'],
  ['repeatedFault', 'alertFaults'],
  ['heat', 'alertHeat'],
  ['hot', 'alertHeat'],
  ['fault', 'alertFaults'],
  ['settings', 'alertSettings'],
  ['clock', 'alertClock'],
];

export class AlertsView implements View {
  readonly element = h('section', { class: 'page-part' });
  private readonly alerts = h('ul', { class: 'alerts' });
  private readonly news = h('p', { role: 'status', class: 'soft' });
  private readonly times: Times;

  constructor(private readonly ui: Ui) {
    this.times = new Times(ui.language, ui.say('justNow'));
    setText(this.news, ui.say('loading'));
    this.element.append(h('h1', { tabindex: -1 }, ui.say('alertsTitle')), this.news, this.alerts);
    void this.read();
  }

  private async read(): Promise<void> {
    const { say, service } = this.ui;
    try {
      const alerts = await service.api.alerts();
      // Those that nobody has seen to yet come first.
      const sorted = [...alerts].sort(
        (a, b) => Number(a.acknowledged !== null) - Number(b.acknowledged !== null),
      );
      setText(
        this.news,
        alerts.length === 0 ? say('alertsNone') : say('alertsOpen', { count: alerts.length }),
      );
      this.alerts.replaceChildren(...sorted.map((alert) => this.line(alert)));
    } catch (error) {
      setText(this.news, failureText(say, error));
    }
  }

  private line(alert: ApiAlert): HTMLElement {
    const { say, list, schoolName } = this.ui;
    const { robot, kind, since, acknowledged, note } = alert;
    const known = list.get(robot);
    const link = h('a', { href: `#/robots/${robot}` }, known ? titleOf(known) : robot);
    const where = known?.school === undefined ? '' : `, ${schoolName(known.school)}`;
    const taken = acknowledged !== null;
    return h(
      'li',
      { class: 'card alert', 'data-kind': kind, 'data-taken': String(taken) },
      h('span', { class: 'alert-icon' }, icon(taken ? 'check' : 'alert') as Node),
      h(
        'div',
        {},
        h('h2', {}, alertWord(this.ui, kind)),
        h('p', {}, link, where),
        h('p', { class: 'soft' }, say('alertSince', { time: this.times.at(since) })),
        taken && h('p', {}, say('alertTaken', { time: this.times.at(acknowledged) })),
        note !== null && h('p', { class: 'soft' }, note),
      ),
      taken ? undefined : this.taking(alert),
    );
  }

  private taking(alert: ApiAlert): HTMLElement {
    const { say, service } = this.ui;
    const id = `${alert.robot}-${alert.kind}`;
    const note = h('input', { id: `note-${id}`, class: 'input', maxlength: 300 });
    const take = button({ id: `take-${id}` }, say('alertTake'), () => {
      take.disabled = true;
      service.api.acknowledge(alert, note.value || undefined).then(
        () => this.read(),
        (error) => {
          take.disabled = false;
          setText(this.news, failureText(say, error));
        },
      );
    });
    const label = h('label', { class: 'field' }, say('alertNote'), note);
    return h('div', { class: 'alert-take' }, label, take);
  }
}

function alertWord({ say }: Ui, kind: string): string {
  const found = WORDS.find(([start]) => kind.startsWith(start));
  return found ? say(found[1] as 'alertBattery') : say('alertOther', { kind });
}

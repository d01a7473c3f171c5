/** An audit log, verified in this page, in words. */
import type { AuditEntry, AuditVerdict } from '../../../wire/audit.ts';
import { h } from '../../shared/dom.ts';
import { icon } from '../parts/icons.ts';
import { Times } from '../parts/times.ts';
import { failureText, type Ui } from '../parts/ui.ts';

/** The newest of them. */
const SHOWN = 50;

export class AuditPart {
  readonly element = h('section', { class: 'card audit', 'aria-labelledby': 'audit-title' });

  constructor(
    private readonly ui: Ui,
    title: string,
    read: () => Promise<{ readonly verdict: AuditVerdict }>,
  ) {
    const body = h('div', { class: 'audit-body' }, h('p', { class: 'soft' }, ui.say('loading')));
    this.element.append(h('h2', { id: 'audit-title' }, title), body);
    read().then(
      ({ verdict }) => body.replaceChildren(...this.show(verdict)),
      (error) => body.replaceChildren(h('p', { class: 'soft' }, failureText(ui.say, error))),
    );
  }

  private show(verdict: AuditVerdict): Node[] {
    const { say } = this.ui;
    if (!verdict.ok) {
      const { line, why } = verdict;
      const text = say('auditBroken', { line, why });
      return [h('p', { class: 'note bad', 'data-verdict': 'broken' }, icon('alert') as Node, text)];
    }
    const { entries } = verdict;
    if (entries.length === 0) return [h('p', { class: 'soft' }, say('auditEmpty'))];
    const count = entries.length;
    const times = new Times(this.ui.language, this.ui.say('justNow'));
    const lines = entries
      .slice(-SHOWN)
      .reverse()
      .map((entry) => this.line(entry, times));
    const older = count - lines.length;
    return [
      h(
        'p',
        { class: 'note', 'data-verdict': 'verified' },
        icon('check') as Node,
        say('auditVerified', { count }),
      ),
      h('ol', { class: 'entries' }, ...lines),
      ...(older > 0 ? [h('p', { class: 'soft' }, say('auditMore', { count: older }))] : []),
    ];
  }

  private line({ at, what, role, outcome, reason, facts }: AuditEntry, times: Times): HTMLElement {
    const { say } = this.ui;
    const result =
      outcome === 'done' ? '' : say(outcome === 'refused' ? 'auditRefused' : 'auditFailed');
    const robot = typeof facts?.robot === 'string' ? facts.robot : undefined;
    const about = [robot, result, reason].filter(Boolean).join(', ');
    return h(
      'li',
      { 'data-outcome': outcome },
      h('time', { class: 'soft' }, times.at(at)),
      h('span', {}, h('strong', {}, what), about === '' ? '' : ` ${about}`),
      h('span', { class: 'soft' }, role ?? ''),
    );
  }
}

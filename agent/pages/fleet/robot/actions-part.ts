/** What the person's role may do with a robot: each is an order, signed by the key in this page. */

import type { ActionKind } from '../../../wire/order.ts';
import { h } from '../../shared/dom.ts';
import { may } from '../access/passport.ts';
import type { Robot } from '../model/robot.ts';
import { button, type Dialog } from '../parts/dialog.ts';
import { type IconName, icon } from '../parts/icons.ts';
import type { Ui } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { consentDialog, lessonDialog, logsDialog, orderDialog } from './action-dialogs.ts';
import { handOverDialog, inviteDialog } from './hand-over.ts';

const IDENTIFY_S = 10;

interface Offer {
  readonly action: ActionKind;
  readonly word: PlainKey;
  readonly icon: IconName;
  readonly open: (ui: Ui, robot: Robot) => Dialog;
}

/** The most usual first. */
const OFFERS: readonly Offer[] = [
  { action: 'assign', word: 'actAssign', icon: 'give', open: handOverDialog },
  { action: 'invite', word: 'actInvite', icon: 'link', open: inviteDialog },
  {
    ...{ action: 'identify', word: 'actIdentify', icon: 'find' },
    open: (ui, robot) =>
      orderDialog(ui, robot, {
        ...{ id: 'identify', title: 'actIdentify' },
        action: { kind: 'identify', seconds: IDENTIFY_S },
        done: 'identifyDone',
      }),
  },
  { action: 'allowLesson', word: 'actLesson', icon: 'lesson', open: lessonDialog },
  {
    ...{ action: 'restart', word: 'actRestart', icon: 'restart' },
    open: (ui, robot) =>
      orderDialog(ui, robot, {
        ...{ id: 'restart', title: 'actRestart', confirm: ['restartText', 'restartDo'] },
        action: { kind: 'restart', what: 'computer' },
      }),
  },
  { action: 'logs', word: 'actLogs', icon: 'audit', open: logsDialog },
  { action: 'consent', word: 'actConsent', icon: 'support', open: consentDialog },
];

export class ActionsPart {
  readonly element = h('section', { class: 'card', 'aria-labelledby': 'actions-title' });
  private open: Dialog | undefined;

  constructor(
    private readonly ui: Ui,
    private readonly robot: () => Robot | undefined,
  ) {
    this.draw();
  }

  draw(): void {
    const { ui } = this;
    const robot = this.robot();
    if (!robot || this.element.contains(document.activeElement)) return;
    const offers = OFFERS.filter(({ action }) => may(ui.passport, action, robot));
    const buttons = offers.map(({ action, word, icon: drawing, open }, index) => {
      const kind = index === 0 ? 'primary' : '';
      const made = button({ id: `do-${action}`, kind }, ui.say(word), () => {
        const now = this.robot();
        if (now) this.open = open(ui, now);
      });
      made.prepend(icon(drawing));
      return made;
    });
    this.element.replaceChildren(
      h('h2', { id: 'actions-title' }, ui.say('actions')),
      buttons.length === 0
        ? h('p', { class: 'soft' }, ui.say('noActions'))
        : h('div', { class: 'actions' }, ...buttons),
    );
  }

  close(): void {
    if (this.open?.isOpen) this.open.close();
  }
}

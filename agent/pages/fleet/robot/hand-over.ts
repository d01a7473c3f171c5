/**
 * Hand-over: what will be wiped, then the order, then the next pupil's invitation as link and QR
 * code. The invitation is sealed for this page; nobody between the robot and here can read it.
 */
import { z } from 'zod';
import type { PublicJwk } from '../../../wire/signalling.ts';
import { h, setText } from '../../shared/dom.ts';
import { isOff, type Robot } from '../model/robot.ts';
import { button, choice, Dialog } from '../parts/dialog.ts';
import { icon } from '../parts/icons.ts';
import { Times } from '../parts/times.ts';
import { failureText, titleOf, type Ui } from '../parts/ui.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { closeButton, outcomeText, row } from './action-dialogs.ts';
import { invitationPart } from './invitation-part.ts';

const DAYS = [1, 3, 7, 14, 30];
const USUAL_DAYS = 7;

/** What the robot seals: access/invite, docs/fleet-orders.md. */
export const SealedInvitation = z.looseObject({
  link: z.string().max(2_000),
  /** Seconds since 1970. */
  expires: z.number(),
});

export function handOverDialog(ui: Ui, robot: Robot): Dialog {
  const { say } = ui;
  const dialog = new Dialog('assign', say('assignTitle', { name: titleOf(robot) }));
  const days = daysChoice(ui);
  const go = button({ id: 'assign-go', kind: 'stop' }, say('assignDo'), () => {
    void run(ui, robot, dialog, {
      action: (replyKey) => ({ kind: 'assign', days: days.value(), replyKey }),
      steps: ['assignStepSend', 'assignStepWipe', 'assignStepInvite'],
      wiped: true,
    });
  });
  const wiped = (['wipeDevices', 'wipeInvitations', 'wipeTraces'] as const).map((key) =>
    h('li', {}, say(key)),
  );
  dialog.open(
    h('p', {}, say('assignText')),
    h('ul', { class: 'wiped' }, ...wiped),
    h('p', {}, say('wipeKeeps'), ' ', h('strong', {}, say('assignNoUndo'))),
    days.element,
    row(go, closeButton(ui, dialog, 'cancel')),
  );
  return dialog;
}

export function inviteDialog(ui: Ui, robot: Robot): Dialog {
  const { say } = ui;
  const dialog = new Dialog('invite', say('actInvite'));
  const days = daysChoice(ui);
  const go = button({ id: 'invite-go', kind: 'primary' }, say('inviteDo'), () => {
    void run(ui, robot, dialog, {
      action: (replyKey) => ({ kind: 'invite', days: days.value(), replyKey }),
      steps: ['assignStepSend', 'assignStepInvite'],
      wiped: false,
    });
  });
  dialog.open(
    h('p', {}, say('inviteText')),
    days.element,
    row(go, closeButton(ui, dialog, 'cancel')),
  );
  return dialog;
}

const daysChoice = ({ say }: Ui) =>
  choice(
    { id: 'invitation-days', label: say('assignDays') },
    DAYS.map((count) => [count, say('days', { count })] as const),
    USUAL_DAYS,
  );

interface Run {
  readonly action: (replyKey: PublicJwk) => {
    kind: 'assign' | 'invite';
    days: number;
    replyKey: PublicJwk;
  };
  readonly steps: readonly PlainKey[];
  readonly wiped: boolean;
}

async function run(ui: Ui, robot: Robot, dialog: Dialog, given: Run): Promise<void> {
  const { say, orders, language } = ui;
  const progress = new Progress(ui, given.steps);
  const news = h('p', { role: 'status', class: 'order-news' });
  dialog.show(progress.element, news, row(closeButton(ui, dialog)));
  const leaving = new AbortController();
  dialog.onClose(() => leaving.abort());
  const onSent = (): void => {
    progress.next();
    if (isOff(robot)) setText(news, say('assignAsleep'));
  };
  try {
    const signal = leaving.signal;
    const outcome = await orders.give({ robot: robot.id, action: given.action, onSent, signal });
    const invitation = outcome.kind === 'done' ? readInvitation(outcome.text) : undefined;
    progress.end();
    if (!invitation) {
      setText(news, outcome.kind === 'done' ? say('orderUnproven') : outcomeText(ui, outcome));
      return;
    }
    const until = new Times(language, say('justNow')).date(invitation.expires * 1_000);
    const shown = invitationPart(ui, { link: invitation.link, until, wiped: given.wiped });
    dialog.show(...shown, row(closeButton(ui, dialog)));
    dialog.focus('#invitation-title');
  } catch (error) {
    progress.end();
    setText(news, failureText(say, error));
  }
}

function readInvitation(text: string | undefined) {
  try {
    const found = SealedInvitation.safeParse(JSON.parse(text ?? '')).data;
    return found && /^https?:\/\//.test(found.link) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Which step it is at, and for how long. */
class Progress {
  readonly element = h('ol', { class: 'steps' });
  private at = 0;
  private readonly seconds = h('span', { class: 'soft', 'aria-hidden': 'true' });
  private readonly timer: { cancel(): void };

  constructor(ui: Ui, steps: readonly PlainKey[]) {
    for (const step of steps) {
      const mark = h('span', { class: 'step-mark' }, icon('check') as Node);
      this.element.append(h('li', {}, mark, ui.say(step)));
    }
    const start = ui.clock.now();
    this.timer = ui.clock.every(1_000, () => {
      const seconds = Math.round((ui.clock.now() - start) / 1_000);
      setText(this.seconds, ui.say('assignSeconds', { seconds }));
    });
    this.draw();
  }

  next(): void {
    this.at++;
    this.draw();
  }

  end(): void {
    this.timer.cancel();
  }

  private draw(): void {
    for (const [index, step] of [...this.element.children].entries()) {
      step.setAttribute('data-step', index < this.at ? 'done' : index === this.at ? 'now' : 'next');
      if (index === this.at) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
    }
    this.element.children[this.at]?.append(this.seconds);
  }
}

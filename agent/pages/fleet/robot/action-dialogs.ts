/** Dialogs of the plain orders: say what happens, send, say what became of it. */
import type { Action } from '../../../wire/order.ts';
import { h, setText } from '../../shared/dom.ts';
import { isOff, type Robot } from '../model/robot.ts';
import { button, choice, Dialog } from '../parts/dialog.ts';
import { failureText, titleOf, type Ui } from '../parts/ui.ts';
import type { OrderOutcome } from '../service/orders.ts';
import type { PlainKey } from '../words/dictionaries.ts';

const MINUTE_MS = 60_000;
const LOG_LINES = 200;

interface PlainOrder {
  readonly id: string;
  readonly title: PlainKey;
  readonly action: Action;
  /** What happens, and the button that lets it. */
  readonly confirm?: readonly [text: PlainKey, press: PlainKey];
  readonly done?: 'identifyDone';
}

export function orderDialog(ui: Ui, robot: Robot, order: PlainOrder): Dialog {
  const { say } = ui;
  const { id, title, action, confirm, done } = order;
  const dialog = new Dialog(id, say(title));
  const text = done ? say(done, { name: titleOf(robot) }) : undefined;
  const send = (): void =>
    void runOrder(ui, robot, { dialog, action, ...(text && { done: text }) });
  if (confirm) {
    const press = button({ id: `${id}-go`, kind: 'primary' }, say(confirm[1]), send);
    dialog.open(h('p', {}, say(confirm[0])), row(press, closeButton(ui, dialog, 'cancel')));
  } else {
    dialog.open(h('p', {}, say('orderSending')));
    send();
  }
  return dialog;
}

export function lessonDialog(ui: Ui, robot: Robot): Dialog {
  const { say, clock } = ui;
  const dialog = new Dialog('lesson', say('actLesson'));
  const from = h('input', { id: 'lesson-from', type: 'datetime-local', class: 'input' });
  from.value = localInput(Math.ceil(clock.wall() / (5 * MINUTE_MS)) * 5 * MINUTE_MS);
  const durations = [30, 45, 60, 90, 120].map(
    (count) => [count, say('minutes', { count })] as const,
  );
  const minutes = choice({ id: 'lesson-minutes', label: say('lessonMinutes') }, durations, 60);
  const wrong = h('p', { class: 'note warn', role: 'alert', hidden: true });
  const allow = button({ id: 'lesson-go', kind: 'primary' }, say('lessonDo'), () => {
    const fromMs = new Date(from.value).getTime();
    const untilMs = fromMs + minutes.value() * MINUTE_MS;
    const good = Number.isFinite(fromMs) && untilMs > clock.wall();
    wrong.hidden = good;
    setText(wrong, good ? '' : say('lessonWrong'));
    if (!good) return;
    const action = { kind: 'allowLesson', from: fromMs, until: untilMs } as const;
    void runOrder(ui, robot, { dialog, action });
  });
  dialog.open(
    h('p', {}, say('lessonText')),
    h('label', { class: 'field' }, say('lessonFrom'), from),
    minutes.element,
    wrong,
    row(allow, closeButton(ui, dialog, 'cancel')),
  );
  return dialog;
}

export function consentDialog(ui: Ui, robot: Robot): Dialog {
  const { say, clock } = ui;
  const dialog = new Dialog('consent', say('actConsent'));
  const options = [1, 4, 8, 24, 72].map((count) => [count, say('hours', { count })] as const);
  const hours = choice({ id: 'consent-hours', label: say('consentHours') }, options, 4);
  const until = (count: number): Action => ({
    kind: 'consent',
    until: count === 0 ? 0 : Math.floor(clock.wall() / 1_000) + count * 3_600,
  });
  const let_ = button({ id: 'consent-go', kind: 'primary' }, say('consentDo'), () => {
    void runOrder(ui, robot, { dialog, action: until(hours.value()) });
  });
  const end = button({ id: 'consent-end' }, say('consentEnd'), () => {
    void runOrder(ui, robot, { dialog, action: until(0) });
  });
  dialog.open(
    h('p', {}, say('consentText')),
    hours.element,
    row(let_, end, closeButton(ui, dialog, 'cancel')),
  );
  return dialog;
}

export function logsDialog(ui: Ui, robot: Robot): Dialog {
  const { say } = ui;
  const dialog = new Dialog('logs', say('actLogs'));
  dialog.open(h('p', {}, say('orderSending')));
  void runOrder(ui, robot, {
    dialog,
    action: (replyKey) => ({ kind: 'logs', lines: LOG_LINES, level: 'info', replyKey }),
    show: (text) => [
      h('h3', {}, say('logsTitle')),
      h('pre', { class: 'lines', tabindex: 0 }, text),
    ],
  });
  return dialog;
}

interface Run {
  readonly dialog: Dialog;
  readonly action: Parameters<Ui['orders']['give']>[0]['action'];
  /** Said when it is done. */
  readonly done?: string;
  /** Of the robot's sealed answer. */
  readonly show?: (text: string) => Node[];
}

/** Sends it and follows it until the dialog is closed. */
async function runOrder(ui: Ui, robot: Robot, { dialog, action, done, show }: Run): Promise<void> {
  const { say, orders } = ui;
  const news = h('p', { role: 'status', class: 'order-news' }, say('orderSending'));
  dialog.show(news, row(closeButton(ui, dialog)));
  const leaving = new AbortController();
  dialog.onClose(() => leaving.abort());
  const onSent = (): void => setText(news, say(isOff(robot) ? 'orderAsleep' : 'orderWaiting'));
  try {
    const outcome = await orders.give({ robot: robot.id, action, onSent, signal: leaving.signal });
    const text = outcome.kind === 'done' ? outcome.text : undefined;
    if (show && text !== undefined) dialog.show(...show(text), row(closeButton(ui, dialog)));
    else setText(news, outcomeText(ui, outcome, done));
  } catch (error) {
    setText(news, failureText(say, error));
  }
}

export function outcomeText({ say }: Ui, outcome: OrderOutcome, done?: string): string {
  switch (outcome.kind) {
    case 'done':
    case 'doneUnproven':
      return done ?? say('orderDone');
    case 'refused':
      return say('orderRefused', { reason: outcome.reason });
    case 'failed':
      return say('orderFailed', { reason: outcome.reason });
    case 'unproven':
      return say('orderUnproven');
    case 'left':
      return '';
  }
}

export const row = (...children: Node[]): HTMLElement => h('div', { class: 'row' }, ...children);

export const closeButton = (
  { say }: Ui,
  dialog: Dialog,
  word: 'cancel' | 'close' = 'close',
): HTMLElement => button({ id: 'dialog-close', kind: 'plain' }, say(word), () => dialog.close());

/** As `datetime-local` has it: local time, to the minute. */
function localInput(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

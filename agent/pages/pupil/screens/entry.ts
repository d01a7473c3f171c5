import { h, setText } from '../../shared/dom.ts';
import type { Unfit } from '../device/fitness.ts';
import { bindingWords } from '../flow/outcome-words.ts';
import type { RefusalReason, Screen } from '../flow/screens.ts';
import { button, frame, heading, note, type ScreenContext } from '../parts/screen.ts';
import type { PlainKey } from '../words/dictionaries.ts';

type Invited = Extract<Screen, { name: 'invited' }>;

/** Opened by an invitation: says what it is, and links the device. */
export function invitedScreen(
  context: ScreenContext,
  screen: Invited,
  act: { bind(): void },
): { element: HTMLElement; update(screen: Invited): void } {
  const { say } = context;
  const go = button('bind', say('invitedGo'), 'primary', act.bind);
  const trouble = h('div', { role: 'alert', id: 'trouble' });
  const element = frame(
    context,
    'robot',
    heading(say('invitedTitle')),
    h('p', {}, say('invitedText', { robot: screen.invitation.robot })),
    note('plain', say('invitedSeen'), 'noCamera'),
    note('plain', `${say('notRecorded')} ${say('onTheWay')}`, 'lock'),
    h('p', { class: 'soft' }, say('invitedOnce')),
    trouble,
    h('div', { class: 'row' }, go),
  );
  const update = ({ busy, problem }: Invited): void => {
    go.disabled = busy;
    setText(go, busy ? say('working') : say('invitedGo'));
    trouble.replaceChildren(...(problem ? [troubleNote(context, problem)] : []));
  };
  update(screen);
  return { element, update };
}

function troubleNote({ say }: ScreenContext, reason: RefusalReason): HTMLElement {
  const words = bindingWords(reason);
  return note('bad', `${say(words.title)}. ${say(words.text)}`, 'attention');
}

export function badLinkScreen(context: ScreenContext, act: { restart(): void }): HTMLElement {
  const { say } = context;
  return frame(
    context,
    'link',
    heading(say('badLinkTitle')),
    h('p', {}, say('badLinkText')),
    h('div', { class: 'row' }, button('to-start', say('toStart'), 'usual', act.restart)),
  );
}

export function noRobotScreen(context: ScreenContext): HTMLElement {
  const { say } = context;
  return frame(context, 'robot', heading(say('noRobotTitle')), h('p', {}, say('noRobotText')));
}

export function openingScreen(context: ScreenContext): HTMLElement {
  return frame(context, 'robot', heading(context.say('working')));
}

const WORDS: Readonly<Record<Unfit, { title: PlainKey; text: PlainKey }>> = {
  insecure: { title: 'unfitInsecure', text: 'unfitInsecureText' },
  noCalls: { title: 'unfitCalls', text: 'unfitCallsText' },
  noStorage: { title: 'unfitStorage', text: 'unfitStorageText' },
};

/** In place of everything else: what this browser lacks, and where the link opens. */
export function unfitScreen(
  context: ScreenContext,
  why: Unfit,
  act: { again(): void },
): HTMLElement {
  const { say } = context;
  const words = WORDS[why];
  return frame(
    context,
    'attention',
    heading(say(words.title)),
    h('p', {}, say(words.text)),
    h('div', { class: 'row' }, button('again', say('again'), 'usual', act.again)),
  );
}

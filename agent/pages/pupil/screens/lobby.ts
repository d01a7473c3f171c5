import type { Binding } from '../../../client/api.ts';
import { h, setText } from '../../shared/dom.ts';
import type { MicrophoneTrouble, Opened, OpenMicrophone } from '../device/microphone.ts';
import {
  button,
  confirmDialog,
  frame,
  heading,
  note,
  type ScreenContext,
} from '../parts/screen.ts';

interface LobbyActs {
  /** Asks the browser for the microphone, or gives the one that is open. */
  open(): Promise<Opened>;
  /** Whether the browser grants it without asking. */
  allowed(): Promise<boolean>;
  /** Sets out, or says why there is no microphone to set out with. */
  go(listening: boolean): Promise<MicrophoneTrouble | undefined>;
  forget(): void;
  /** Whether another tab of this device is in class with the robot; `changed` is called when that may differ. */
  elsewhere(changed: () => void): () => boolean;
}

export interface Lobby {
  readonly element: HTMLElement;
  /** The microphone went away while it was being tried. */
  microphoneLost(): void;
}

const TROUBLE = { denied: 'micDenied', missing: 'micMissing', failed: 'micFailed' } as const;
/** Above this the meter counts as having heard somebody; a quiet room stays below. */
const HEARD_LEVEL = 0.42;
const LOOK_MS = 60;

/** Before class: check that the microphone works, or choose to only listen. */
export function lobbyScreen(context: ScreenContext, binding: Binding, act: LobbyActs): Lobby {
  const { say } = context;
  const check = microphoneCheck(context, act);
  const go = (listening: boolean): void => {
    void act.go(listening).then((trouble) => trouble && check.show(trouble));
  };
  const words = {
    title: 'forgetRobot',
    text: 'forgetText',
    yes: 'forgetGo',
    no: 'cancel',
  } as const;
  const forget = confirmDialog('forget', say, words, act.forget);
  const goButton = button('go', say('go'), 'primary', () => go(false));
  const here = h('div', { id: 'other-tab', role: 'status' });
  const elsewhere = act.elsewhere(() => showElsewhere());
  const showElsewhere = (): void => {
    const there = elsewhere();
    setText(goButton, say(there ? 'tabContinue' : 'go'));
    if (there === here.childElementCount > 0) return;
    here.replaceChildren(...(there ? [note('plain', say('tabHere'), 'robot')] : []));
  };
  showElsewhere();
  const element = frame(
    context,
    'robot',
    heading(say('lobbyTitle')),
    h('p', {}, say('lobbyText', { robot: binding.robot }), ' ', say('lobbyHeard')),
    note('plain', say('notRecorded'), 'lock'),
    here,
    check.element,
    h(
      'div',
      { class: 'stack' },
      goButton,
      button('go-listening', say('goListening'), 'usual', () => go(true), 'ear'),
    ),
    button('forget-robot', say('forgetRobot'), 'plain', () => forget.showModal()),
    forget,
  );
  return { element, microphoneLost: () => check.show('missing') };
}

function microphoneCheck(
  context: ScreenContext,
  act: LobbyActs,
): { element: HTMLElement; show(trouble: MicrophoneTrouble): void } {
  const { say } = context;
  const body = h('div', { class: 'check-body', 'aria-live': 'polite' });
  const show = (trouble: MicrophoneTrouble): void => {
    body.replaceChildren(troubleNote(context, trouble));
  };
  const start = (): void => {
    void act.open().then((opened) => {
      if (context.signal.aborted) return;
      if (opened.ok) body.replaceChildren(...meter(context, opened.microphone));
      else show(opened.trouble);
    });
  };
  body.append(
    button('check-microphone', say('micAsk'), 'usual', start, 'microphone'),
    h('p', { class: 'soft small' }, say('micAskText')),
  );
  void act.allowed().then((allowed) => {
    if (allowed && !context.signal.aborted) start();
  });
  const title = h('h2', { id: 'check-title' }, say('micTitle'));
  const element = h('section', { class: 'check', 'aria-labelledby': 'check-title' }, title, body);
  return { element, show };
}

function troubleNote({ say }: ScreenContext, trouble: MicrophoneTrouble): HTMLElement {
  const made = note('warn', say(TROUBLE[trouble]), 'microphoneOff');
  made.id = 'microphone-trouble';
  return made;
}

/** The bar follows the voice; the verdict beside it is in words and is said once. */
function meter(context: ScreenContext, microphone: OpenMicrophone): HTMLElement[] {
  const { say, clock, signal } = context;
  const bar = h('meter', {
    id: 'microphone-level',
    class: 'level',
    min: 0,
    max: 1,
    'aria-label': say('micLevel'),
    'aria-live': 'off',
  });
  const verdict = h('p', { id: 'microphone-verdict', class: 'verdict' }, say('micSilent'));
  let shown = 0;
  const timer = clock.every(LOOK_MS, () => {
    const level = microphone.level();
    // Up at once, down gently: the eye follows words, not single waves.
    shown = level > shown ? level : shown * 0.82 + level * 0.18;
    bar.value = shown;
    if (level > HEARD_LEVEL) setText(verdict, say('micHears'));
  });
  signal.addEventListener('abort', () => {
    timer.cancel();
    microphone.stopMeasuring();
  });
  return [h('p', { class: 'soft' }, say('micSay')), bar, verdict];
}

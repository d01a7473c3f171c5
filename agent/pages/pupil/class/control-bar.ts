import type { PupilClientApi } from '../../../client/api.ts';
import { type Mood, PresetName } from '../../../wire/control.ts';
import { h, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import type { ClassActions } from './actions.ts';
import { ActButton, choices, onLongPress, Popover } from './controls.ts';
import { type ClassModel, headBlock, type Part, type PictureChoice } from './model.ts';
import { soundSheet } from './sound-sheet.ts';

const HAND = {
  down: { picture: 'hand', text: 'hand' },
  up: { picture: 'hand', text: 'handUp' },
  acknowledged: { picture: 'check', text: 'handSeen' },
} as const;

/** Said beside what the button shows, where that is not what a press does. */
const PRESS_MEANS = { down: undefined, up: 'lowerHand', acknowledged: 'raiseAgain' } as const;

/** All that a pupil can do besides looking: three groups of big buttons. */
export function controlBar(
  context: ScreenContext,
  client: PupilClientApi,
  actions: ClassActions,
  page: { tell(text: string): void; choosePicture(choice: PictureChoice): void },
): Part {
  const { tell } = page;
  const reason = h('p', { id: 'head-reason', class: 'visually-hidden' });
  const parts = [
    takePart(context, actions),
    views(context, actions, tell),
    express(context, client, actions, page.choosePicture),
  ];
  const element = h(
    'section',
    { id: 'controls', class: 'bar', 'aria-label': context.say('controls') },
    ...parts.map((part) => part.element),
    reason,
  );
  return {
    element,
    update(model: ClassModel): void {
      const blocked = headBlock(model);
      setText(reason, blocked ? context.say(blocked) : '');
      for (const part of parts) part.update(model);
    },
  };
}

function takePart({ say }: ScreenContext, actions: ClassActions): Part {
  const hand = new ActButton('hand', 'hand', say('hand'), actions.hand);
  const lower = h('span', { class: 'visually-hidden' });
  hand.element.append(lower);
  const listen = new ActButton('listen', 'ear', say('listenOff'), actions.listen);
  return {
    element: group('take-part', say('controls'), hand.element, listen.element),
    update({ robot }: ClassModel): void {
      const state = robot?.hand ?? 'down';
      hand.show(HAND[state].picture, say(HAND[state].text));
      hand.element.dataset.hand = state;
      const means = PRESS_MEANS[state];
      lower.textContent = means ? `(${say(means)})` : '';
      const listening = robot?.listenOnly ?? false;
      listen.element.setAttribute('aria-pressed', String(listening));
      listen.show('ear', say('listenOff'));
    },
  };
}

const STORE_AS = { board: 'storeBoard', teacher: 'storeTeacher', class: 'storeClass' } as const;

function views(context: ScreenContext, actions: ClassActions, tell: (text: string) => void): Part {
  const { say, clock, signal } = context;
  const buttons = PresetName.options.map((preset) => {
    const made = new ActButton(`preset-${preset}`, preset, say(preset), () =>
      actions.goPreset(preset),
    );
    onLongPress(made.element, clock, () => actions.storePreset(preset));
    return made.element;
  });
  const store = new ActButton('store', 'star', say('store'));
  const sheet = new Popover(
    'store-sheet',
    store.element,
    say('storeTitle'),
    signal,
    h('h2', {}, say('storeTitle')),
    h('p', { class: 'soft small' }, say('storeText')),
  );
  let blocked: PlainKey | undefined;
  // The browser opens the sheet unless this press is taken back.
  store.element.addEventListener('click', (event) => {
    if (!blocked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(say(blocked));
  });
  const row = h('div', { class: 'stack' });
  for (const preset of PresetName.options) {
    const as = h(
      'button',
      { id: `store-${preset}`, type: 'button', class: 'button' },
      say(STORE_AS[preset]),
    );
    as.addEventListener('click', () => {
      actions.storePreset(preset);
      sheet.close();
    });
    row.append(as);
  }
  sheet.element.append(row);
  const element = group('views', say('views'), ...buttons, store.element, sheet.element);
  return {
    element,
    update(model: ClassModel): void {
      element.hidden = model.robot?.motion === 'absent';
      blocked = headBlock(model);
      for (const button of [...buttons, store.element]) block(button, blocked !== undefined);
    },
  };
}

const MOODS: readonly Mood[] = ['neutral', 'happy', 'sad', 'confused'];

function express(
  context: ScreenContext,
  client: PupilClientApi,
  actions: ClassActions,
  choosePicture: (choice: PictureChoice) => void,
): Part {
  const { say, signal } = context;
  const mood = new ActButton('mood', 'neutral', say('mood'));
  const faces = choices(
    'mood',
    say('moodTitle'),
    MOODS.map((value) => ({ value, label: say(value), picture: value })),
    (value) => actions.mood(value),
  );
  const moodSheet = new Popover(
    'mood-sheet',
    mood.element,
    say('moodTitle'),
    signal,
    faces.element,
    h('p', { class: 'soft small' }, say('moodText')),
  );
  const feeling = h('span', { class: 'visually-hidden' });
  mood.element.append(feeling);
  const nod = new ActButton('nod', 'nod', say('nod'), () => actions.gesture('nod'));
  const shake = new ActButton('shake', 'shake', say('shake'), () => actions.gesture('shake'));
  const sound = new ActButton('sound', 'sound', say('sound'));
  const sheet = soundSheet(context, client, choosePicture, sound.element);
  const buttons = [mood.element, moodSheet.element, nod.element, shake.element, sound.element];
  return {
    element: group('express', say('express'), ...buttons, sheet.element),
    update(model: ClassModel): void {
      const headless = model.robot?.motion === 'absent';
      for (const { element } of [nod, shake]) {
        element.hidden = headless;
        block(element, headBlock(model) !== undefined);
      }
      const now = model.robot?.mood ?? 'neutral';
      faces.show(now);
      mood.show(now, say('mood'));
      mood.element.dataset.mood = now;
      setText(feeling, `(${say(now)})`);
      sheet.update(model);
    },
  };
}

/**
 * What cannot be done now stays where it is, can be reached, and says why by its description and
 * when it is pressed.
 */
function block(button: HTMLElement, blocked: boolean): void {
  button.toggleAttribute('data-blocked', blocked);
  if (blocked) {
    button.setAttribute('aria-disabled', 'true');
    button.setAttribute('aria-describedby', 'head-reason');
  } else {
    button.removeAttribute('aria-disabled');
    button.removeAttribute('aria-describedby');
  }
}

function group(id: string, label: string, ...content: HTMLElement[]): HTMLElement {
  return h('div', { id, class: 'group', role: 'group', 'aria-label': label }, ...content);
}

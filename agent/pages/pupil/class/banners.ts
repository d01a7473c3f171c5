import { h, setText } from '../../shared/dom.ts';
import { icon } from '../parts/icons.ts';
import { button, type ScreenContext } from '../parts/screen.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import type { ClassModel, Part } from './model.ts';
import { type Notice, type NoticeName, noticesOf, type WayOut } from './notices.ts';

const WAYS: Readonly<Record<WayOut, PlainKey>> = {
  smaller: 'actSmaller',
  reconnect: 'actReconnect',
  comeBackTalking: 'talkGo',
  startSound: 'soundBlocked',
};

interface Shown {
  readonly element: HTMLElement;
  update(fact: Notice): void;
}

/**
 * What stands in the way, calmly, as long as it does. A banner is kept while its fact lasts, so that
 * the focus on its buttons is never lost to a number that changes. Screen readers hear of it by the
 * announcer, once; here they can read it again.
 */
export function bannerList(
  context: ScreenContext,
  act: (way: WayOut) => void,
  home: () => HTMLElement,
): Part {
  const { say } = context;
  const element = h('ul', { id: 'problems', class: 'problems', hidden: true });
  const shown = new Map<NoticeName, Shown>();
  /** Put away by the pupil, until the fact is over. */
  const hidden = new Set<NoticeName>();
  const drop = (name: NoticeName): void => {
    const gone = shown.get(name);
    if (!gone) return;
    const hadFocus = gone.element.contains(document.activeElement);
    gone.element.remove();
    shown.delete(name);
    if (hadFocus) home().focus();
    element.hidden = shown.size === 0;
  };
  const hide = (name: NoticeName): void => {
    hidden.add(name);
    drop(name);
  };
  return {
    element,
    update(model: ClassModel): void {
      // The veil tells of the camera in the picture's own place.
      const facts = noticesOf(model, say).filter((fact) => !toldByVeil(fact, model));
      for (const name of [...shown.keys(), ...hidden]) {
        if (facts.some((fact) => fact.name === name)) continue;
        drop(name);
        hidden.delete(name);
      }
      const wanted = facts.filter(({ name }) => !hidden.has(name));
      for (const [index, fact] of wanted.entries()) {
        const made = shown.get(fact.name) ?? banner(context, fact, act, () => hide(fact.name));
        shown.set(fact.name, made);
        made.update(fact);
        const at = element.children[index];
        if (at !== made.element) element.insertBefore(made.element, at ?? null);
      }
      element.hidden = shown.size === 0;
    },
  };
}

function toldByVeil({ name }: Notice, { robot }: ClassModel): boolean {
  return name === 'camera' && robot?.camera === 'fault' && robot.phase === 'live';
}

function banner(
  { say }: ScreenContext,
  fact: Notice,
  act: (way: WayOut) => void,
  hide: () => void,
): Shown {
  const title = h('strong', {});
  const text = h('span', {});
  const ways = h('div', { class: 'ways' });
  const element = h(
    'li',
    { id: `fact-${fact.name}`, class: 'note warn' },
    icon('attention'),
    h('div', { class: 'banner-body' }, h('p', {}, title, ' ', text), ways),
  );
  let offered = '';
  return {
    element,
    update(now: Notice): void {
      setText(title, `${now.title}.`);
      setText(text, now.text);
      if (now.ways.join() === offered) return;
      offered = now.ways.join();
      const buttons = now.ways.map((way) =>
        button(wayId(way), say(WAYS[way]), 'usual', () => act(way)),
      );
      if (now.canHide)
        buttons.push(button(`hide-${now.name}`, say('actHide'), 'plain', () => hide()));
      ways.replaceChildren(...buttons);
    },
  };
}

const wayId = (way: WayOut): string => (way === 'startSound' ? 'unblock-sound' : `way-${way}`);

/** A robot's state: a drawing and a word, never a colour alone. */
import { h, setText } from '../../shared/dom.ts';
import { type Robot, type ShownState, TONES } from '../model/robot.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { drawIcon, type IconName, icon } from './icons.ts';

const WORDS: Readonly<Record<ShownState, readonly [PlainKey, IconName]>> = {
  init: ['stateInit', 'starting'],
  ready: ['stateReady', 'ready'],
  live: ['stateLive', 'live'],
  paused: ['statePaused', 'paused'],
  alert: ['stateAlert', 'alert'],
  sleeping: ['stateSleeping', 'sleeping'],
  updating: ['stateUpdating', 'updating'],
  disconnected: ['stateDisconnected', 'off'],
  lost: ['stateLost', 'lost'],
  unknown: ['stateUnknown', 'unknown'],
};

export const stateWord = (say: Say, state: ShownState): string => say(WORDS[state][0]);

export class StateMark {
  private readonly drawing = icon('unknown');
  private readonly word = h('span', {});
  readonly element = h('span', { class: 'state' });

  constructor(private readonly say: Say) {
    this.element.append(this.drawing, this.word);
  }

  show({ state, doing }: Pick<Robot, 'state' | 'doing'>): void {
    this.element.dataset.tone = TONES[state];
    drawIcon(this.drawing, WORDS[state][1]);
    const more = doing === 'pairing' ? `, ${this.say('doingPairing')}` : '';
    setText(this.word, stateWord(this.say, state) + more);
  }
}

export function stateMark(say: Say, robot: Pick<Robot, 'state' | 'doing'>): HTMLElement {
  const mark = new StateMark(say);
  mark.show(robot);
  return mark.element;
}

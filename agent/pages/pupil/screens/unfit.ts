import { h } from '../../shared/dom.ts';
import type { Unfit } from '../device/fitness.ts';
import { button, frame, heading } from '../parts/frame.ts';
import type { ScreenContext } from '../parts/services.ts';
import type { PlainKey } from '../words/dictionaries.ts';

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

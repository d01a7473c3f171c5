import { h } from '../../shared/dom.ts';
import { outcomeWords } from '../flow/outcome-words.ts';
import type { Outcome } from '../flow/screens.ts';
import { button, frame, heading } from '../parts/frame.ts';
import type { ScreenContext } from '../parts/services.ts';

/** After class, or when it did not come to class: what happened and what to do. */
export function overScreen(
  context: ScreenContext,
  outcome: Outcome,
  act: { again(): void; toStart(): void },
): HTMLElement {
  const { say } = context;
  const words = outcomeWords(outcome);
  const left = outcome.kind === 'ended' && outcome.why === 'hangUp';
  const way = outcome.kind === 'otherTab' ? 'tabContinue' : left ? 'go' : 'again';
  const again = words.again && button('again', say(way), 'primary', act.again);
  return frame(
    context,
    left ? 'robot' : 'attention',
    heading(say(words.title)),
    h('p', { id: 'outcome' }, say(words.text)),
    h('div', { class: 'row' }, again, button('to-start', say('toStart'), 'usual', act.toStart)),
  );
}

import type { PupilClientApi } from '../../../client/api.ts';
import type { ScreenContext } from '../parts/services.ts';
import { type ClassActions, perform } from './actions.ts';
import { atLimit, headBlock } from './head-block.ts';
import { HeldKeys } from './held-keys.ts';
import { type Direction, keyAction } from './keys.ts';
import type { ClassModel } from './model.ts';

/** Keys act anywhere on the class screen, except where they are needed for writing, choosing or a dialog. */
export function listenToKeys(
  { clock, signal, say }: ScreenContext,
  client: PupilClientApi,
  actions: ClassActions,
  letters: { readonly on: boolean },
  page: { help(): void; leave(): void; model(): ClassModel; tell(text: string): void },
): void {
  const held = new HeldKeys(client, clock, {
    blocked: () => headBlock(page.model()),
    tellBlocked: (why) => page.tell(say(why)),
    at: (directions) => atLimit(page.model(), directions),
    tell: () => page.tell(say('headLimit')),
  });
  const letGo = (): void => held.releaseAll();
  signal.addEventListener('abort', letGo);
  window.addEventListener('blur', letGo, { signal });
  document.addEventListener('visibilitychange', letGo, { signal });
  document.addEventListener(
    'keyup',
    (event) => {
      const direction = directionOf(event.key);
      if (direction) held.release(direction);
    },
    { signal },
  );
  document.addEventListener(
    'keydown',
    (event) => {
      if (keyIsTaken(event)) return;
      const action = keyAction(event, letters.on);
      if (!action) return;
      event.preventDefault();
      if (event.repeat) return;
      if (action.act === 'turn') {
        const blocked = headBlock(page.model());
        return blocked ? page.tell(say(blocked)) : held.press(action.to);
      }
      if (action.act === 'help') return page.help();
      if (action.act === 'leave') return page.leave();
      perform(actions, action);
    },
    { signal },
  );
}

function directionOf(key: string): Direction | undefined {
  const action = keyAction(
    { key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false },
    false,
  );
  return action?.act === 'turn' ? action.to : undefined;
}

/** Dialogs and popovers keep their keys (Esc closes them); so do fields, and nothing else. */
function keyIsTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  if (document.querySelector('dialog[open], .popover[data-open]')) return true;
  const at = event.target;
  return at instanceof HTMLElement && at.closest('input, select, textarea') !== null;
}

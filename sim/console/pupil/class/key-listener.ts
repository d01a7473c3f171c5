import type { PupilClientApi } from '../../../../agent/client/types.ts';
import type { ScreenContext } from '../services.ts';
import { type ClassActions, perform } from './actions.ts';
import { HeldKeys } from './held-keys.ts';
import { type Direction, keyAction } from './keys.ts';

/** Keys act anywhere on the class screen, except where they are needed for writing, choosing or a dialog. */
export function listenToKeys(
  { clock, signal }: ScreenContext,
  client: PupilClientApi,
  actions: ClassActions,
  letters: { readonly on: boolean },
  open: { help(): void; leave(): void },
): void {
  const held = new HeldKeys(client, clock);
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
      if (action.act === 'turn') return held.press(action.to);
      if (event.repeat) return;
      if (action.act === 'help') return open.help();
      if (action.act === 'leave') return open.leave();
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
  if (document.querySelector('dialog[open], [popover]:popover-open')) return true;
  const at = event.target;
  return at instanceof HTMLElement && at.closest('input, select, textarea') !== null;
}

import type { Clock, Timer } from '../../../../hal/ports/clock.ts';
import type { PupilClientApi } from '../../../client/api.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { type ClassActions, perform } from './actions.ts';
import { type Direction, heldRate, keyAction } from './keys.ts';
import { atLimit, type ClassModel, headBlock } from './model.ts';

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

/** The robot stops 250 ms after the last command, so it is repeated well within. */
const REPEAT_MS = 80;

/** What the head can do now. */
interface HeadLimits {
  /** Why it cannot turn at all: paused, out of order, away. */
  blocked(): PlainKey | undefined;
  /** Called when that ends a hold: its keys do nothing more until they are pressed again. */
  tellBlocked(why: PlainKey): void;
  /** It stands at the end of where it can go, in all of these directions. */
  at(held: ReadonlySet<Direction>): boolean;
  /** Called once for each hold that comes to the end. */
  tell(): void;
}

/** Turns the head while arrow keys are held. All keys up, or the page out of sight: it stops. */
export class HeldKeys {
  private readonly held = new Set<Direction>();
  private since = 0;
  private timer: Timer | undefined;
  private toldLimit = false;

  constructor(
    private readonly client: Pick<PupilClientApi, 'lookRate'>,
    private readonly clock: Clock,
    private readonly limit: HeadLimits,
  ) {}

  press(direction: Direction): void {
    if (this.held.has(direction)) return;
    if (this.held.size === 0) this.since = this.clock.now();
    this.held.add(direction);
    this.toldLimit = false;
    this.timer ??= this.clock.every(REPEAT_MS, () => this.tell());
    this.tell();
  }

  release(direction: Direction): void {
    if (!this.held.delete(direction)) return;
    if (this.held.size > 0) this.tell();
    else this.stop();
  }

  /** Keys released while another window has the focus raise no event: all are released. */
  releaseAll(): void {
    if (this.held.size === 0) return;
    this.held.clear();
    this.stop();
  }

  private stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.client.lookRate(0, 0);
  }

  private tell(): void {
    // What is held through a pause must not start by itself when the pause is over.
    const blocked = this.limit.blocked();
    if (blocked) {
      this.releaseAll();
      this.limit.tellBlocked(blocked);
      return;
    }
    const rate = heldRate(this.held, this.clock.now() - this.since);
    this.client.lookRate(rate.pan, rate.tilt);
    if (this.toldLimit || !this.limit.at(this.held)) return;
    this.toldLimit = true;
    this.limit.tell();
  }
}

const STORED_AS = 'deskmate.letterKeys';

/** Whether single letters act; remembered on this device. */
export function letterKeys(page: Window): { readonly on: boolean; set(on: boolean): void } {
  let on = true;
  try {
    on = page.localStorage.getItem(STORED_AS) !== 'off';
  } catch {
    // Storage may be closed to us: then letters act, as at first.
  }
  return {
    get on(): boolean {
      return on;
    },
    set(wanted: boolean): void {
      on = wanted;
      try {
        page.localStorage.setItem(STORED_AS, wanted ? 'on' : 'off');
      } catch {
        // It then lasts as long as the page.
      }
    },
  };
}

import type { PupilClientApi } from '../../../client/api.ts';
import { h } from '../../shared/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import type { ScreenContext } from '../parts/services.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import type { ClassModel, Part } from './model.ts';

interface Chip {
  readonly name: 'whisper' | 'loud' | 'silent';
  readonly words: PlainKey;
  /** What a press does. */
  readonly ends: PlainKey;
  readonly picture: IconName;
  lasts(model: ClassModel): boolean;
  end(): void;
}

/** As loud as a session begins. */
const HEARABLE = 0.7;

/**
 * Choices that go on when their sheet is closed, each with the one press that ends it: nobody
 * whispers on for an hour because a sheet hid it. Who just listens is told by the meter, and ends it
 * by the button that is pressed in.
 */
export function chipList(
  context: ScreenContext,
  client: Pick<PupilClientApi, 'voice' | 'volume'>,
  home: () => HTMLElement,
): Part {
  const all: readonly Chip[] = [
    {
      ...{ name: 'whisper', words: 'chipWhisper', ends: 'chipNormal', picture: 'sound' },
      lasts: ({ robot }) => robot?.voice === 'whisper',
      end: () => client.voice('normal'),
    },
    {
      ...{ name: 'loud', words: 'chipLoud', ends: 'chipNormal', picture: 'sound' },
      lasts: ({ robot }) => robot?.voice === 'loud',
      end: () => client.voice('normal'),
    },
    {
      ...{ name: 'silent', words: 'chipSilent', ends: 'chipHearable', picture: 'sound' },
      lasts: ({ robot }) => robot?.volume === 0,
      end: () => client.volume(HEARABLE),
    },
  ];
  const made = all.map((chip) => ({ chip, button: chipButton(context, chip) }));
  const element = h('div', { id: 'chips', class: 'chips' }, ...made.map(({ button }) => button));
  return {
    element,
    update(model: ClassModel): void {
      for (const { chip, button } of made) {
        const hadFocus = document.activeElement === button;
        button.hidden = !chip.lasts(model);
        if (hadFocus && button.hidden) home().focus();
      }
      element.hidden = made.every(({ button }) => button.hidden);
    },
  };
}

function chipButton({ say }: ScreenContext, chip: Chip): HTMLButtonElement {
  const button = h(
    'button',
    { id: `chip-${chip.name}`, type: 'button', class: 'pill chip', hidden: true },
    icon(chip.picture),
    h('span', {}, say(chip.words)),
    h('span', { class: 'visually-hidden' }, `(${say(chip.ends)})`),
    icon('cross'),
  );
  button.addEventListener('click', () => chip.end());
  return button;
}

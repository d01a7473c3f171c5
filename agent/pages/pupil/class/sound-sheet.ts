import type { PupilClientApi } from '../../../client/api.ts';
import { VoiceMode } from '../../../wire/control.ts';
import { h, setText } from '../../shared/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { choices, Popover } from './controls.ts';
import type { ClassModel, Part, PictureChoice } from './model.ts';

/** A slider that was just moved by hand is not moved back by news that are a little older. */
const OWN_HAND_MS = 1_000;

/** How loud the pupil's voice is in class, how loud the robot is, and how sharp the picture. */
export function soundSheet(
  context: ScreenContext,
  client: Pick<PupilClientApi, 'voice' | 'volume'>,
  choosePicture: (choice: PictureChoice) => void,
  opener: HTMLElement,
): Part {
  const { say, signal } = context;
  const voice = choices(
    'voice',
    say('voice'),
    VoiceMode.options.map((value) => ({ value, label: say(value) })),
    (mode) => client.voice(mode),
  );
  const volume = volumeSlider(context, client);
  const picture = choices<PictureChoice>(
    'picture',
    say('pictureSize'),
    [
      { value: 'auto', label: say('auto') },
      { value: '720p', label: say('sharp') },
      { value: '480p', label: say('smooth') },
    ],
    choosePicture,
  );
  const now = h('p', { class: 'soft small' });
  const sheet = new Popover(
    'sound-sheet',
    opener,
    say('soundTitle'),
    signal,
    h('h2', {}, say('soundTitle')),
    voice.element,
    h('p', { class: 'soft small' }, say('voiceText')),
    volume.element,
    picture.element,
    now,
    h('p', { class: 'soft small' }, say('pictureSizeText')),
  );
  return {
    element: sheet.element,
    update(model: ClassModel): void {
      if (!model.robot) return;
      voice.show(model.robot.voice);
      picture.show(model.pictureChoice);
      const size = say(model.robot.picture === '720p' ? 'sharp' : 'smooth');
      setText(now, model.pictureChoice === 'auto' ? say('pictureNow', { size }) : '');
      volume.update(model);
    },
  };
}

function volumeSlider({ say, clock }: ScreenContext, client: Pick<PupilClientApi, 'volume'>): Part {
  const slider = h('input', { id: 'volume', type: 'range', min: 0, max: 100, step: 5 });
  const value = h('output', { for: 'volume', class: 'soft' });
  let movedAt = Number.NEGATIVE_INFINITY;
  const show = (): void => {
    const words = say('volumePercent', { percent: slider.value });
    setText(value, words);
    slider.setAttribute('aria-valuetext', words);
  };
  slider.addEventListener('input', () => {
    movedAt = clock.now();
    client.volume(slider.valueAsNumber / 100);
    show();
  });
  return {
    element: h(
      'div',
      { class: 'slider' },
      h('label', { for: 'volume' }, say('volume')),
      value,
      slider,
    ),
    update({ robot }: ClassModel): void {
      if (!robot || clock.now() - movedAt < OWN_HAND_MS) return;
      slider.value = String(Math.round(robot.volume * 100));
      show();
    },
  };
}

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

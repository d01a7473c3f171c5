import type { PupilClientApi } from '../../../client/api.ts';
import { VoiceMode } from '../../../wire/control.ts';
import { h, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/services.ts';
import { choices } from './choices.ts';
import type { ClassModel, Part, PictureChoice } from './model.ts';
import { Popover } from './popover.ts';

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

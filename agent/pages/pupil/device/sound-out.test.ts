import { expect, it } from 'vitest';
import { SoundOut } from './sound-out.ts';

/** An audio element, as far as sound that comes and goes is concerned. */
class FakeAudio extends EventTarget {
  id = '';
  srcObject: object | null = null;
  paused = true;
  refuses = false;

  setAttribute(): void {}

  async play(): Promise<void> {
    if (this.refuses) throw new DOMException('not without a press', 'NotAllowedError');
    this.paused = false;
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
}

function playing() {
  const element = new FakeAudio();
  const page = { createElement: () => element, body: { append: () => undefined } };
  const sound = new SoundOut(page as unknown as Document);
  const told: boolean[] = [];
  sound.onBlocked((blocked) => told.push(blocked));
  sound.play({} as MediaStream);
  return { element, sound, told };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('goes on by itself when the system has paused it: a headset was pulled out', async () => {
  const { element, told } = playing();
  await settled();
  element.pause();
  await settled();
  expect(element.paused).toBe(false);
  expect(told).toEqual([]);
});

it('tells that it is held back where it may not go on by itself, and that it is on again', async () => {
  const { element, sound, told } = playing();
  await settled();
  element.refuses = true;
  element.pause();
  await settled();
  expect(told).toEqual([true]);
  element.refuses = false;
  sound.start();
  await settled();
  expect(told).toEqual([true, false]);
});

it('stays silent when the lesson is over', async () => {
  const { element, sound, told } = playing();
  await settled();
  sound.stop();
  await settled();
  expect(element.paused).toBe(true);
  expect(told).toEqual([]);
});

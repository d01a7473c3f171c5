import { describe, expect, it } from 'vitest';
import { levelOf, openMicrophone, troubleOf } from './microphone.ts';

const refusing = (name: string) => ({
  getUserMedia: () => Promise.reject(new DOMException('no', name)),
});

describe('the microphone', () => {
  it('never asks for a camera', async () => {
    let asked: MediaStreamConstraints | undefined;
    await openMicrophone({
      getUserMedia: (wishes) => {
        asked = wishes;
        return Promise.reject(new Error('enough'));
      },
    });
    expect(asked?.video).toBe(false);
    expect(asked?.audio).toBeTruthy();
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'failed'],
  ])('%s is %s', async (name, trouble) => {
    expect(await openMicrophone(refusing(name))).toEqual({ ok: false, trouble });
  });

  it('is missing where the browser grants none', async () => {
    expect(await openMicrophone(undefined)).toEqual({ ok: false, trouble: 'missing' });
    expect(troubleOf('odd')).toBe('failed');
  });

  it('shows loudness as ears hear it', () => {
    expect(levelOf(0)).toBe(0);
    expect(levelOf(1)).toBe(1);
    expect(levelOf(0.001)).toBeCloseTo(0, 5);
    expect(levelOf(0.0316)).toBeCloseTo(0.5, 2);
  });
});

import { describe, expect, it } from 'vitest';
import { type Direction, heldRate, KEY_HELP, keyAction } from './keys.ts';

const press = (key: string, over: Partial<Parameters<typeof keyAction>[0]> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...over,
});

describe('keys', () => {
  it.each([
    ['ArrowLeft', { act: 'turn', to: 'left' }],
    ['Escape', { act: 'stop' }],
    ['Home', { act: 'straight' }],
    ['h', { act: 'hand' }],
    ['H', { act: 'hand' }],
    ['m', { act: 'listen' }],
    ['b', { act: 'preset', preset: 'board' }],
    ['t', { act: 'preset', preset: 'teacher' }],
    ['c', { act: 'preset', preset: 'class' }],
    ['4', { act: 'mood', mood: 'confused' }],
    ['?', { act: 'help' }],
  ])('%s', (key, action) => {
    expect(keyAction(press(key), true)).toEqual(action);
  });

  it('stores a view with Shift', () => {
    const store = { act: 'store', preset: 'board' };
    expect(keyAction(press('B', { shiftKey: true }), true)).toEqual(store);
  });

  it('leaves keys with Ctrl, Alt and the system key to the browser', () => {
    for (const key of ['ctrlKey', 'altKey', 'metaKey'] as const) {
      expect(keyAction(press('t', { [key]: true }), true)).toBeUndefined();
      expect(keyAction(press('ArrowLeft', { [key]: true }), true)).toBeUndefined();
    }
  });

  it('leaves letters alone when they are switched off, but not arrows and Esc', () => {
    expect(keyAction(press('h'), false)).toBeUndefined();
    expect(keyAction(press('4'), false)).toBeUndefined();
    expect(keyAction(press('ArrowUp'), false)).toEqual({ act: 'turn', to: 'up' });
    expect(keyAction(press('Escape'), false)).toEqual({ act: 'stop' });
  });

  it('shows no letter in the help that does nothing', () => {
    for (const { keys } of KEY_HELP) {
      for (const key of keys) {
        if (key.length !== 1 || '←→↑↓'.includes(key)) continue;
        expect(keyAction(press(key.replace('−', '-')), true), key).toBeDefined();
      }
    }
  });
});

describe('held arrow keys', () => {
  const held = (...keys: Direction[]) => new Set(keys);

  it('turns to the side of the key and gains speed', () => {
    const first = heldRate(held('left'), 0);
    const later = heldRate(held('left'), 2_000);
    expect(first.pan).toBeGreaterThan(0);
    expect(later.pan).toBeGreaterThan(first.pan);
    expect(heldRate(held('right'), 0).pan).toBe(-first.pan);
    expect(heldRate(held('up'), 0).tilt).toBeGreaterThan(0);
  });

  it('stands still when keys oppose each other or none is held', () => {
    expect(heldRate(held('left', 'right'), 500)).toEqual({ pan: 0, tilt: 0 });
    expect(heldRate(held(), 500)).toEqual({ pan: 0, tilt: 0 });
  });
});

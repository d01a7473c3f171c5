import { afterEach, expect, test, vi } from 'vitest';
import { watchBrowserNetwork } from './network-change.ts';

afterEach(() => vi.unstubAllGlobals());

test('a network that is joined or changed to is news, one that was left is none', () => {
  const browser = new EventTarget();
  const connection = new EventTarget();
  const navigator = { onLine: true, connection };
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('navigator', navigator);
  let changes = 0;
  watchBrowserNetwork(() => {
    changes += 1;
  });
  const say = (target: EventTarget, name: string): void =>
    void target.dispatchEvent(new Event(name));
  navigator.onLine = false;
  say(browser, 'offline');
  say(connection, 'change');
  expect(changes).toBe(0);
  navigator.onLine = true;
  say(browser, 'online');
  say(connection, 'change');
  expect(changes).toBe(2);
});

test('a browser that tells nothing, and none at all', () => {
  vi.stubGlobal('navigator', {});
  expect(() => watchBrowserNetwork(() => {})).not.toThrow();
});

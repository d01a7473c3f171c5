/**
 * The page on the fake client, for its own tests and screenshots: served by
 * agent/pages/testing/pupil-harness.ts, never built into the product, and inert without `?fake=1`.
 */
import { indexedDbStore } from '../../../client/key-value-store.ts';
import { browserClock } from '../../shared/browser-clock.ts';
import { LanguageChoice } from '../../shared/i18n.ts';
import { App } from '../app.ts';
import { unfitness } from '../device/fitness.ts';
import type { PinCheck, PinLock } from '../device/pin-lock.ts';
import { openTabChannel } from '../device/tabs.ts';
import { FakeClient } from './fake-client.ts';

declare global {
  interface Window {
    deskmateFake?: FakeClient;
  }
}

class FakePin implements PinLock {
  private pin: string | undefined;
  private open = false;
  private wrong = 0;

  constructor(
    private readonly client: FakeClient,
    pin: string | null,
  ) {
    this.pin = pin ?? undefined;
  }

  isSet = async (): Promise<boolean> => this.pin !== undefined;
  isLocked = async (): Promise<boolean> => this.pin !== undefined && !this.open;

  async set(pin: string): Promise<void> {
    this.pin = pin;
    this.open = true;
  }

  async check(pin: string): Promise<PinCheck> {
    this.open = pin === this.pin;
    if (this.open) return { ok: true };
    this.wrong += 1;
    return { ok: false, waitMs: this.wrong > 3 ? 5_000 : 0 };
  }

  lock(): void {
    this.open = false;
  }

  async abandon(): Promise<void> {
    this.pin = undefined;
    this.client.bound = [];
  }
}

const root = document.querySelector<HTMLElement>('#app');
const asked = new URLSearchParams(location.search);
if (root && asked.get('fake') === '1') {
  const client = new FakeClient();
  for (const robot of asked.getAll('robot')) {
    client.bound.push({ robot, robotKey: 'k'.repeat(43), broker: 'ws://localhost/mqtt' });
  }
  window.deskmateFake = client;
  const services = {
    client,
    pin: new FakePin(client, asked.get('pin')),
    clock: browserClock,
    language: new LanguageChoice(window),
    mediaSource: navigator.mediaDevices,
    tabChannel: openTabChannel(window),
    unfitness: () => unfitness(window, indexedDbStore('deskmate')),
  };
  void new App(services, document, root).open();
}

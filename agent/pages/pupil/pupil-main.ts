import { indexedDbStore } from '../../client/key-value-store.ts';
import { PupilClient } from '../../client/pupil-client.ts';
import { browserClock } from '../shared/browser-clock.ts';
import { LanguageChoice } from '../shared/i18n.ts';
import { App } from './app.ts';
import { unfitness } from './device/fitness.ts';
import { pinLock, wipeDatabase } from './device/pin-lock.ts';
import { openTabChannel } from './device/tabs.ts';

/** Keys and bindings of this device. */
const DATABASE = 'deskmate';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

const store = indexedDbStore(DATABASE);
const client = new PupilClient({ keys: store, clock: browserClock });
const services = {
  client,
  pin: pinLock(client.pin, () => wipeDatabase(DATABASE)),
  clock: browserClock,
  language: new LanguageChoice(window),
  mediaSource: navigator.mediaDevices,
  tabChannel: openTabChannel(window),
  unfitness: () => unfitness(window, store),
};
void new App(services, document, root).open();

import { freshPeerId } from '../../wire/token.ts';
import { browserClock } from '../shared/browser-clock.ts';
import { LanguageChoice } from '../shared/i18n.ts';
import { Keyring } from './access/keyring.ts';
import { FleetApp } from './app.ts';
import { Insight } from './model/insight.ts';
import { FleetService } from './service/fleet-service.ts';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

void new FleetApp({
  clock: browserClock,
  language: new LanguageChoice(window),
  keyring: new Keyring(indexedDB),
  service: new FleetService({
    fetch: (input, init) => fetch(input, init),
    origin: location.origin,
    clock: browserClock,
    newId: freshPeerId,
  }),
  insight: new Insight(),
  root,
}).open();

import { Simulator } from '../home/simulator.ts';
import { browserClock } from '../shared/browser-clock.ts';
import { LanguageChoice } from '../shared/i18n.ts';
import { StationApi } from './station-api.ts';
import { StationPage } from './station-page.ts';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

const ask: typeof fetch = (input, init) => fetch(input, init);
new StationPage({
  clock: browserClock,
  language: new LanguageChoice(window),
  station: new StationApi(ask),
  invitations: new Simulator(ask),
  root,
}).open();

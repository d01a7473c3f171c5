import { Simulator } from '../home/simulator.ts';
import { browserClock } from '../shared/browser-clock.ts';
import { LanguageChoice } from '../shared/i18n.ts';
import { operatorBase } from '../shared/operator-base.ts';
import { StationApi } from './station-api.ts';
import { StationPage } from './station-page.ts';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

const ask: typeof fetch = (input, init) => fetch(input, init);
const base = operatorBase(location.pathname);
new StationPage({
  clock: browserClock,
  language: new LanguageChoice(window),
  station: new StationApi(ask, base),
  invitations: new Simulator(ask, base),
  root,
}).open();

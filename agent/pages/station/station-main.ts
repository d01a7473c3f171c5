import { browserClock } from '../shared/browser-clock.ts';
import { LanguageChoice } from '../shared/i18n.ts';
import { operatorBase } from '../shared/operator.ts';
import { StationApi, StationPage } from './station-page.ts';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

new StationPage({
  clock: browserClock,
  language: new LanguageChoice(window),
  station: new StationApi((input, init) => fetch(input, init), operatorBase(location.pathname)),
  root,
}).open();

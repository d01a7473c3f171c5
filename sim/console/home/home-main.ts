import { browserClock } from '../../../agent/pages/shared/browser-clock.ts';
import { LanguageChoice } from '../../../agent/pages/shared/i18n.ts';
import { operatorBase } from '../../../agent/pages/shared/operator.ts';
import { HomePage, Simulator } from './home-page.ts';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('the page has no #app');

const base = operatorBase(location.pathname);
const simulator = new Simulator((input, init) => fetch(input, init), base);
new HomePage({ clock: browserClock, language: new LanguageChoice(window), simulator, root }).open();

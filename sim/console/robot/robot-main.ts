import { App } from './app.ts';

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');
new App(window, root).start();

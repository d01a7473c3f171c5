import { browserClock } from '../../../agent/pages/shared/browser-clock.ts';
import { h, setText } from '../../../agent/pages/shared/dom.ts';
import { LanguageChoice, languageSelect, translator } from '../../../agent/pages/shared/i18n.ts';
import { operatorBase } from '../../../agent/pages/shared/operator.ts';
import type { Scene, SimStatus } from '../messages.ts';
import { lookOf } from './model/look.ts';
import { LampReader } from './model/meaning.ts';
import { WorldLink } from './model/world-link.ts';
import { ButtonsPanel, type Presses } from './panel/buttons-panel.ts';
import { CodePanel, onDrop } from './panel/code-panel.ts';
import { FaultsPanel } from './panel/faults-panel.ts';
import { Press } from './panel/press-button.ts';
import { bodyReadings, systemReadings } from './panel/readings.ts';
import { ReadingsPanel, SeenStrip, WarningsPanel } from './panel/status-panels.ts';
import { openView } from './view/open-view.ts';
import type { ButtonName, RobotView } from './view/view.ts';
import { dictionaries, type Say } from './words/dictionaries.ts';

/** Words are for reading: this often is often enough. Lights are drawn at each message. */
const WORDS_MS = 100;

/** Everything that a language change rebuilds; the picture and the connection stay. */
interface Words {
  readonly say: Say;
  readonly body: ReadingsPanel;
  readonly system: ReadingsPanel;
  readonly buttons: ButtonsPanel;
  readonly code: CodePanel;
  readonly faults: FaultsPanel;
  readonly seen: SeenStrip;
  readonly warnings: WarningsPanel;
  readonly subtitle: HTMLElement;
  readonly notice: HTMLElement;
}

export class App {
  private readonly language: LanguageChoice;
  private readonly base: string;
  private readonly link: WorldLink;
  private readonly presses: Presses;
  private readonly lamps = new LampReader();
  private readonly stage = h('div', { id: 'stage', class: 'stage', tabindex: 0, role: 'img' });
  private view: RobotView | undefined;
  private words: Words;
  private scene: Scene | undefined;
  private status: SimStatus | undefined;
  private connected = true;
  private wordsAtMs = 0;

  constructor(
    private readonly page: Window,
    private readonly root: HTMLElement,
  ) {
    this.language = new LanguageChoice(page);
    const { protocol, host, pathname } = page.location;
    this.base = operatorBase(pathname);
    const url = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${this.base}world`;
    this.link = new WorldLink(url, browserClock, {
      scene: (scene) => this.showScene(scene),
      status: (status) => this.showStatus(status),
      connected: (connected) => this.showConnected(connected),
      refused: (reason) => this.showRefused(reason),
    });
    const press = (name: ButtonName): Press =>
      new Press((pressed) => this.link.ask({ kind: 'button', name, pressed }), browserClock);
    this.presses = { teacher: press('teacher'), pair: press('pair') };
    this.words = this.layOut();
    this.language.onChange(() => this.relabel());
    onDrop(page, () => this.words.code);
  }

  start(): void {
    this.view = openView(this.page, this.stage, (name, pressed) => {
      if (pressed) this.presses[name].down();
      else this.presses[name].up();
    });
    this.stage.dataset.view = this.view.kind;
    this.link.connect();
  }

  private layOut(): Words {
    const say = translator(dictionaries, this.language.current);
    this.page.document.title = `Deskmate: ${say('title')}`;
    this.stage.setAttribute('aria-label', say('stageLabel'));
    const ask = this.link.ask.bind(this.link);
    const words: Words = {
      say,
      body: new ReadingsPanel(say, 'readings'),
      system: new ReadingsPanel(say, 'system'),
      buttons: new ButtonsPanel(say, ask, this.presses, browserClock),
      code: new CodePanel(say, ask),
      faults: new FaultsPanel(say, ask),
      seen: new SeenStrip(say),
      warnings: new WarningsPanel(say),
      subtitle: h('p', { class: 'soft' }),
      notice: h('p', { id: 'notice', class: 'note bad', role: 'status', hidden: true }),
    };
    const readings = h(
      'section',
      { class: 'card', 'aria-labelledby': 'readings-title' },
      h('h2', { id: 'readings-title' }, say('readingsTitle')),
      words.body.element,
      words.system.element,
      words.warnings.element,
    );
    this.root.replaceChildren(
      this.header(say, words.subtitle),
      h(
        'main',
        {},
        h('div', { class: 'picture' }, words.notice, this.stage, words.seen.element),
        h(
          'div',
          { class: 'side' },
          words.buttons.element,
          words.code.element,
          readings,
          words.faults.element,
        ),
      ),
    );
    return words;
  }

  private header(say: Say, subtitle: HTMLElement): HTMLElement {
    return h(
      'header',
      {},
      h('a', { class: 'button plain', href: this.base }, say('home')),
      h('div', { class: 'titles' }, h('h1', {}, say('title')), subtitle),
      languageSelect(this.language),
    );
  }

  private relabel(): void {
    this.words = this.layOut();
    this.wordsAtMs = 0;
    this.showConnected(this.connected);
    if (this.status) this.showStatus(this.status);
    if (this.scene) this.showScene(this.scene);
    this.root.querySelector<HTMLElement>('#language')?.focus();
  }

  private showScene(scene: Scene): void {
    this.scene = scene;
    const look = lookOf(scene);
    const lamps = this.lamps.read(look, scene.world.atMs);
    this.view?.show(look);
    this.words.seen.show(look, lamps);
    this.words.buttons.show(look);
    this.words.code.show(scene);
    this.words.faults.showScene(scene);
    const now = browserClock.now();
    if (now - this.wordsAtMs < WORDS_MS) return;
    this.wordsAtMs = now;
    this.words.body.show(bodyReadings(this.words.say, scene, lamps));
  }

  private showStatus(status: SimStatus): void {
    this.status = status;
    const { say, subtitle, system, faults, warnings } = this.words;
    setText(subtitle, say('subtitle', { robot: status.robot }));
    system.show(systemReadings(say, status));
    faults.showStatus(status);
    warnings.show(status.warnings);
  }

  private showConnected(connected: boolean): void {
    this.connected = connected;
    this.root.classList.toggle('unconnected', !connected);
    this.notify(connected ? '' : this.words.say('noConnection'));
  }

  private showRefused(reason: string): void {
    this.notify(this.words.say('refusedCommand', { reason }));
    browserClock.after(5_000, () => this.showConnected(this.connected));
  }

  private notify(text: string): void {
    this.words.notice.hidden = text === '';
    setText(this.words.notice, text);
  }
}

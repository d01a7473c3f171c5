import type { Clock } from '../../../hal/ports/clock.ts';
import { h, setText } from '../shared/dom.ts';
import { type LanguageChoice, type Translate, translator } from '../shared/i18n.ts';
import { languageSelect } from '../shared/language-select.ts';
import { InvitationCard } from './invitation-card.ts';
import type { SimStatus, Simulator } from './simulator.ts';
import { statusRows } from './status-words.ts';
import { type HomeWords, homeWords } from './words.ts';

const POLL_MS = 2_000;

export interface HomeParts {
  readonly clock: Clock;
  readonly language: LanguageChoice;
  readonly simulator: Simulator;
  readonly root: HTMLElement;
}

/** The page at `/`: what this is, the two doors, the invitation, and how the simulator is doing. */
export class HomePage {
  private status: SimStatus | undefined;
  private answered = true;
  private list = h('dl', { id: 'status', class: 'status' });
  private trouble = h('p', { role: 'status', id: 'trouble' });
  private readonly invitation: InvitationCard;

  constructor(private readonly parts: HomeParts) {
    this.invitation = new InvitationCard(parts.simulator);
  }

  open(): void {
    const { clock, language } = this.parts;
    language.onChange(() => this.render());
    this.render();
    void this.poll();
    clock.every(POLL_MS, () => void this.poll());
  }

  private get say(): Translate<HomeWords> {
    return translator(homeWords, this.parts.language.current);
  }

  /** A page that nobody looks at asks nothing. */
  private async poll(): Promise<void> {
    if (document.hidden) return;
    const status = await this.parts.simulator.status();
    this.answered = status !== undefined;
    this.status = status ?? this.status;
    this.showStatus();
    if (status) await this.invitation.keep(this.say);
  }

  private render(): void {
    const { say } = this;
    document.title = say('title');
    const hadFocus = document.activeElement?.id === 'language';
    this.list = h('dl', { id: 'status', class: 'status' });
    this.trouble = h('p', { role: 'status', id: 'trouble' });
    this.parts.root.replaceChildren(
      h(
        'div',
        { class: 'home' },
        h(
          'header',
          { class: 'home-top' },
          h('span', { class: 'wordmark' }, 'Deskmate'),
          languageSelect(this.parts.language, say('language')),
        ),
        h(
          'main',
          {},
          h('h1', {}, say('heading')),
          h('p', { class: 'lead' }, `${say('what')} ${say('here')} ${say('todo')}`),
          this.invitation.render(say),
          this.statusCard(),
        ),
      ),
    );
    this.showStatus();
    if (hadFocus) document.querySelector<HTMLElement>('#language')?.focus();
  }

  private statusCard(): HTMLElement {
    return h(
      'section',
      { class: 'card wide', 'aria-labelledby': 'status-title' },
      h('h2', { id: 'status-title' }, this.say('status')),
      this.list,
      this.trouble,
    );
  }

  private showStatus(): void {
    const { say } = this;
    setText(this.trouble, this.answered ? '' : say('unreachable'));
    this.list.classList.toggle('old', !this.answered);
    if (!this.status) return;
    const rows = statusRows(this.status).map(({ what, value, well }) =>
      h(
        'div',
        { 'data-part': what, 'data-well': String(well) },
        h('dt', {}, what === 'robotName' ? `${say(what)} ${this.status?.robot ?? ''}` : say(what)),
        h('dd', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }), say(value)),
      ),
    );
    this.list.replaceChildren(...rows);
  }
}

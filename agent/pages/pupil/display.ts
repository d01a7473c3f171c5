import { Announcer } from '../shared/announcer.ts';
import { translator } from '../shared/i18n.ts';
import type { Screen } from './flow/screens.ts';
import type { Services } from './parts/screen.ts';
import { type AppActs, type View, viewOf } from './views.ts';
import { dictionaries, type PlainKey } from './words/dictionaries.ts';

/** The screen that is shown, in the language that was chosen, with the focus where a screen begins. */
export class Display {
  view: View | undefined;
  private leaveScreen = new AbortController();
  private readonly announcer: Announcer;

  constructor(
    private readonly services: Services,
    private readonly page: Document,
    private readonly root: HTMLElement,
  ) {
    this.announcer = new Announcer(services.clock);
    page.body.append(this.announcer.element);
  }

  /** Builds the screen anew, whatever was shown before. */
  show(screen: Screen, app: AppActs): void {
    this.leaveScreen.abort();
    this.leaveScreen = new AbortController();
    const { clock, language } = this.services;
    const context = {
      say: this.say,
      clock,
      language,
      signal: this.leaveScreen.signal,
      announce: (text: string, urgency: 'polite' | 'assertive') =>
        this.announcer.say(text, urgency),
    };
    const languageHadFocus = this.page.activeElement?.id === 'language';
    this.view = viewOf(context, screen, app);
    this.page.title = this.say('title');
    this.page.documentElement.dataset.screen = screen.name;
    this.root.replaceChildren(this.view.element);
    this.page.defaultView?.scrollTo(0, 0);
    this.focusFirst(languageHadFocus);
  }

  /** Shown and said for a moment, in class. */
  tell(words: PlainKey): void {
    this.view?.tell?.(this.say(words));
  }

  /** What was still to be announced is not true any more. */
  hush(): void {
    this.announcer.clear();
  }

  private get say() {
    return translator(dictionaries, this.services.language.current);
  }

  /** Who chose a language goes on from there, if that is still to be seen; else a screen begins at its heading. */
  private focusFirst(atLanguage: boolean): void {
    const language = this.root.querySelector<HTMLElement>('#language');
    if (atLanguage) language?.focus();
    if (atLanguage && this.page.activeElement === language) return;
    this.root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }
}

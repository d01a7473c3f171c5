import { LANGUAGES, type Language, pickLanguage } from '../../../hal/common/phrases.ts';
import { h } from './dom.ts';

export {
  type Dictionaries,
  type Dictionary,
  LANGUAGES,
  type Language,
  type PlaceValues,
  type PlainKeyOf,
  pickLanguage,
  placesOf,
  type Translate,
  type Translation,
  translator,
} from '../../../hal/common/phrases.ts';

/** Each language in its own words: somebody who landed in the wrong one must find theirs. */
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  nl: 'Nederlands',
  sv: 'Svenska',
  en: 'English',
};
const LABELS: Readonly<Record<Language, string>> = { nl: 'Taal', sv: 'Språk', en: 'Language' };

const STORED_AS = 'deskmate.language';

/** The page's language: remembered on this device, told to the browser and screen readers by `lang`. */
export class LanguageChoice {
  private language: Language;
  private readonly listeners = new Set<(language: Language) => void>();

  constructor(private readonly page: Window) {
    this.language = pickLanguage(readStored(page), page.navigator.languages);
    page.document.documentElement.lang = this.language;
  }

  get current(): Language {
    return this.language;
  }

  choose(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    this.page.document.documentElement.lang = language;
    try {
      this.page.localStorage.setItem(STORED_AS, language);
    } catch {
      // Storage may be closed to us (private window): the choice then lasts as long as the page.
    }
    for (const listener of this.listeners) listener(language);
  }

  onChange(listener: (language: Language) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function readStored(page: Window): string | null {
  try {
    return page.localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** A native select with each language in its own words. */
export function languageSelect(choice: LanguageChoice): HTMLElement {
  const label = LABELS[choice.current];
  const select = h('select', { class: 'select language', id: 'language', 'aria-label': label });
  for (const language of LANGUAGES) {
    select.append(h('option', { value: language, lang: language }, LANGUAGE_NAMES[language]));
  }
  select.value = choice.current;
  select.addEventListener('change', () => {
    const chosen = LANGUAGES.find((language) => language === select.value);
    if (chosen) choice.choose(chosen);
  });
  return select;
}

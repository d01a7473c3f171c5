import { h } from './dom.ts';
import { LANGUAGE_NAMES, LANGUAGES, type LanguageChoice } from './i18n.ts';

/** A native select with each language in its own words. */
export function languageSelect(choice: LanguageChoice, label: string): HTMLElement {
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

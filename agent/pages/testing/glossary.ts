import type { Language } from '../shared/i18n.ts';

/** What no native who works in a school's IT would say, and what they say instead. */
interface Forbidden {
  readonly pattern: RegExp;
  readonly say: string;
  /** Where the word means something else: a name of WORDS in the test. */
  readonly except?: string;
}

/** Words of one kind are looked for in all of a language's texts, whatever their case. */
export const FORBIDDEN: Readonly<Record<Language, readonly Forbidden[]>> = {
  nl: [
    { pattern: /\baccu/i, say: 'batterij' },
    { pattern: /\bvloot/i, say: 'beheer op afstand' },
    // On the pupil's page it is what the teacher writes on.
    { pattern: /\bbord(en|je|bestand)?\b/i, say: 'board (of printplaat)', except: 'pupil' },
    { pattern: /\bte missen\b/i, say: 'te ontbreken' },
    { pattern: /\blijf\b/i, say: 'hardware, lichaam' },
    { pattern: /\bwaakhond/i, say: 'watchdog' },
    { pattern: /\bgelijkgezet/i, say: 'gesynchroniseerd' },
    { pattern: /\bhoekmeter/i, say: 'hoeksensor' },
    { pattern: /\bafscheid\b/i, say: 'afgemeld' },
    { pattern: /\bgestorven\b/i, say: 'onverwacht gestopt' },
    { pattern: /\bhet gereedschap\b/i, say: 'de hulpprogramma’s' },
    { pattern: /\bverwacht (een van|nl,)|\bkreeg ‘/i, say: 'kies …' },
    { pattern: /[“”]|(?<!auto)"(?!auto)|\w'\w/, say: '‘ ’' },
  ],
  sv: [
    { pattern: /mäklar/i, say: 'meddelandeserver' },
    { pattern: /\bbroker/i, say: 'meddelandeserver' },
    { pattern: /flotta/i, say: 'fjärrhantering' },
    { pattern: /borttapp/i, say: 'förlorat' },
    { pattern: /\bgå ut (ur|och)|^gå ut$/i, say: 'lämna lektionen' },
    { pattern: /till början/i, say: 'till startsidan' },
    { pattern: /\bparas?\b/i, say: 'parkoppla' },
    { pattern: /\bvakthund/i, say: 'watchdog' },
    { pattern: /\bhej ?då\b/i, say: 'kopplade ned' },
    { pattern: /\b(dog|döda)\b/i, say: 'avslutades, tvångsavsluta' },
    { pattern: /\b(firmware|agent|agenten|pipewire|\{service\}) kör\b/i, say: 'körs' },
    { pattern: /\bväntade (ett|nl)/i, say: 'välj …' },
    { pattern: /\btillsyn\b/i, say: 'åtgärdas' },
    { pattern: /[“‘]|(?<!auto)"(?!auto)|\w'\w/, say: '” ”' },
  ],
  en: [
    { pattern: /\bway out\b/i, say: 'connection' },
    { pattern: /\bnot to be asked\b/i, say: 'cannot be reached' },
    { pattern: /(?<!auto)"(?!auto)|\w'\w/, say: '“ ” and ’' },
  ],
};

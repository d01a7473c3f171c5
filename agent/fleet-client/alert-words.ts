/** Alerts in one sentence, without the name of the robot. */
import { type Dictionaries, fillPlaces } from '../../hal/common/phrases.ts';
import type { AlertKind } from './alert-rules.ts';
import type { Alert } from './alerts.ts';
import { type Telling, tellFacts } from './diagnosis-words.ts';

const en = {
  offline: 'Offline since {since}.',
  batteryLow: 'The battery is low ({batteryPercent} %) and is not being charged.',
  batteryWorn: 'The battery lasts only about {hours} hours of lessons; it may be wearing out.',
  certificateEnds: 'The certificate ends in {days} {days?day|days}.',
  unused: 'Assigned and with lessons to come, but not used for {days} {days?day|days}.',
  diskFull: 'The disk is nearly full: {diskFreeMB} MB left.',
  repeatedFault: 'The fault “{code}” came {times} times within a week.',
  clockUnsure: 'The clock has not been certain since {since}.',
  hotOften: 'It was hot {times} times within a week.',
  settingsRejected: 'The settings “{section}” were rejected: {reason}.',
} as const satisfies Readonly<Record<AlertKind, string>>;

export const alertWords: Dictionaries<typeof en> = {
  en,
  nl: {
    offline: 'Offline sinds {since}.',
    batteryLow: 'De batterij is bijna leeg ({batteryPercent} %) en wordt niet opgeladen.',
    batteryWorn: 'De batterij houdt maar ongeveer {hours} uur les vol; misschien is hij versleten.',
    certificateEnds: 'Het certificaat verloopt over {days} {days?dag|dagen}.',
    unused: 'Toegewezen en met lessen in het rooster, maar {days} {days?dag|dagen} niet gebruikt.',
    diskFull: 'De schijf is bijna vol: nog {diskFreeMB} MB.',
    repeatedFault: 'De storing ‘{code}’ kwam {times} keer in een week.',
    clockUnsure: 'De klok is niet zeker sinds {since}.',
    hotOften: 'De robot was {times} keer te warm in een week.',
    settingsRejected: 'De instellingen ‘{section}’ zijn geweigerd: {reason}.',
  },
  sv: {
    offline: 'Offline sedan {since}.',
    batteryLow: 'Batteriet är nästan tomt ({batteryPercent} %) och laddas inte.',
    batteryWorn:
      'Batteriet räcker bara till ungefär {hours} timmars lektion; det kan vara utslitet.',
    certificateEnds: 'Certifikatet går ut om {days} {days?dag|dagar}.',
    unused: 'Tilldelad och med lektioner i schemat men inte använd på {days} {days?dag|dagar}.',
    diskFull: 'Disken är nästan full: {diskFreeMB} MB kvar.',
    repeatedFault: 'Felet ”{code}” kom {times} gånger på en vecka.',
    clockUnsure: 'Klockan har varit osäker sedan {since}.',
    hotOften: 'Roboten var för varm {times} gånger på en vecka.',
    settingsRejected: 'Inställningarna ”{section}” avvisades: {reason}.',
  },
};

export function tellAlert({ kind, sinceMs, facts }: Alert, telling: Telling): string {
  const phrase = alertWords[telling.language][kind];
  const values = tellFacts({ ...facts, since: sinceMs }, phrase, telling);
  return fillPlaces(telling.language, phrase, values);
}

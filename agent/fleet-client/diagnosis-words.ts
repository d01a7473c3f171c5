/** Diagnoses in one sentence. */
import {
  type Dictionaries,
  fillPlaces,
  type Language,
  placesOf,
} from '../../hal/common/phrases.ts';
import type { Diagnosis, OffCause } from './diagnosis.ts';
import type { UnusedCause } from './diagnosis-unused.ts';
import { tellMoment } from './moments.ts';

/** `…Unsaid`: the same without what is not known. */
const en = {
  neverSeen: 'It has never been heard since it was added.',
  switchedOff: 'It was switched off in good order, {since}.',
  batteryEmpty: 'Its battery was empty, {since} (charge {batteryPercent} %).',
  batteryEmptyLikely:
    'Its battery probably ran empty, {since}: the charge was {batteryPercent} % at the end.',
  tooHot: 'It became too hot and went to sleep, {since} ({computerC} °C).',
  tooHotLikely: 'It probably switched itself off because it was too hot, {since} ({computerC} °C).',
  updating: 'It is restarting for an update, {since}; it comes back by itself.',
  restarting: 'It is restarting, {since}; it comes back by itself.',
  asleep: 'It is asleep as it should be; the next lesson is {nextLessonMs}.',
  asleepUnsaid: 'It is asleep as it should be; no next lesson is known.',
  updateStuck: 'It has not come back from an update that began {since}.',
  notBackFromRestart: 'It has not come back from a restart that began {since}.',
  regionOffline:
    'The school’s network probably failed, {since}: {robots} robots of that school disappeared together.',
  certificateEnded: 'Its certificate ended {certificateUntilMs}; it needs a new one.',
  weakSignal: 'It probably lost its Wi-Fi, {since}: the signal was weak at the end ({dBm} dBm).',
  clockWrong: 'It disappeared {since}; its clock is probably wrong, so that it trusts no server.',
  stopped: 'It was switched off or stopped in good order, {since}.',
  asleepSpent: 'It is asleep to protect itself, {since}: battery or heat.',
  connectionLost: 'Its connection was lost without warning, {since}: no power or no network.',
  silent: 'It has not said anything about itself yet.',
  nobodyAssigned: 'Nobody has the robot.',
  noTimetable: 'Its timetable has no more lessons.',
  offAtLessons: 'It is off or cannot be reached.',
  faulty: 'It has a fault: {faults}.',
  pupilStayedAway: 'It is ready and assigned, but nobody has used it since {since}.',
  pupilStayedAwayUnsaid: 'It is ready, but nobody has ever used it.',
} as const;

export const diagnosisWords: Dictionaries<typeof en> = {
  en,
  nl: {
    neverSeen: 'De robot heeft sinds het toevoegen nog nooit iets laten horen.',
    switchedOff: 'De robot is netjes uitgezet, {since}.',
    batteryEmpty: 'De batterij was leeg, {since} (lading {batteryPercent} %).',
    batteryEmptyLikely:
      'De batterij is waarschijnlijk leeggelopen, {since}: de lading was op het laatst {batteryPercent} %.',
    tooHot: 'De robot werd te warm en is gaan slapen, {since} ({computerC} °C).',
    tooHotLikely:
      'De robot is waarschijnlijk uitgegaan omdat hij te warm was, {since} ({computerC} °C).',
    updating: 'De robot start opnieuw voor een update, {since}; hij komt vanzelf terug.',
    restarting: 'De robot start opnieuw, {since}; hij komt vanzelf terug.',
    asleep: 'De robot slaapt, zoals het hoort; de volgende les is {nextLessonMs}.',
    asleepUnsaid: 'De robot slaapt, zoals het hoort; er is geen volgende les bekend.',
    updateStuck: 'De robot is niet teruggekomen van een update die begon {since}.',
    notBackFromRestart: 'De robot is niet teruggekomen van een herstart die begon {since}.',
    regionOffline:
      'Het netwerk van de school viel waarschijnlijk uit, {since}: {robots} robots van die school verdwenen tegelijk.',
    certificateEnded: 'Het certificaat is verlopen, {certificateUntilMs}; er is een nieuw nodig.',
    weakSignal:
      'De robot is waarschijnlijk de wifi kwijtgeraakt, {since}: het signaal was op het laatst zwak ({dBm} dBm).',
    clockWrong:
      'De robot verdween {since}; de klok staat waarschijnlijk verkeerd, waardoor hij geen server vertrouwt.',
    stopped: 'De robot is netjes uitgezet of gestopt, {since}.',
    asleepSpent: 'De robot slaapt om zichzelf te beschermen, {since}: batterij of warmte.',
    connectionLost:
      'De verbinding viel zonder waarschuwing weg, {since}: geen stroom of geen netwerk.',
    silent: 'De robot heeft nog niets over zichzelf gemeld.',
    nobodyAssigned: 'De robot is aan niemand toegewezen.',
    noTimetable: 'Het rooster heeft geen lessen meer.',
    offAtLessons: 'De robot staat uit of is niet bereikbaar.',
    faulty: 'De robot heeft een storing: {faults}.',
    pupilStayedAway: 'De robot is klaar en toegewezen, maar voor het laatst gebruikt {since}.',
    pupilStayedAwayUnsaid: 'De robot is klaar, maar is nog nooit gebruikt.',
  },
  sv: {
    neverSeen: 'Roboten har aldrig hörts sedan den lades till.',
    switchedOff: 'Roboten stängdes av som den ska, {since}.',
    batteryEmpty: 'Batteriet var tomt, {since} (laddning {batteryPercent} %).',
    batteryEmptyLikely:
      'Batteriet tog troligen slut, {since}: laddningen var {batteryPercent} % på slutet.',
    tooHot: 'Roboten blev för varm och somnade, {since} ({computerC} °C).',
    tooHotLikely:
      'Roboten stängde troligen av sig för att den var för varm, {since} ({computerC} °C).',
    updating: 'Roboten startar om för en uppdatering, {since}; den kommer tillbaka av sig själv.',
    restarting: 'Roboten startar om, {since}; den kommer tillbaka av sig själv.',
    asleep: 'Roboten sover som den ska; nästa lektion är {nextLessonMs}.',
    asleepUnsaid: 'Roboten sover som den ska; ingen nästa lektion är känd.',
    updateStuck: 'Roboten har inte kommit tillbaka från en uppdatering som började {since}.',
    notBackFromRestart: 'Roboten har inte kommit tillbaka från en omstart som började {since}.',
    regionOffline:
      'Skolans nätverk slutade troligen fungera, {since}: {robots} robotar på skolan försvann samtidigt.',
    certificateEnded: 'Certifikatet gick ut {certificateUntilMs}; roboten behöver ett nytt.',
    weakSignal:
      'Roboten tappade troligen sitt wifi, {since}: signalen var svag på slutet ({dBm} dBm).',
    clockWrong:
      'Roboten försvann {since}; klockan går troligen fel, så att den inte litar på någon server.',
    stopped: 'Roboten stängdes av eller stoppades som den ska, {since}.',
    asleepSpent: 'Roboten sover för att skydda sig, {since}: batteri eller värme.',
    connectionLost: 'Anslutningen bröts utan förvarning, {since}: ingen ström eller inget nätverk.',
    silent: 'Roboten har inte berättat något om sig själv än.',
    nobodyAssigned: 'Ingen har roboten.',
    noTimetable: 'Schemat har inga fler lektioner.',
    offAtLessons: 'Roboten är avstängd eller går inte att nå.',
    faulty: 'Roboten har ett fel: {faults}.',
    pupilStayedAway: 'Roboten är klar och tilldelad men användes senast {since}.',
    pupilStayedAwayUnsaid: 'Roboten är klar men har aldrig använts.',
  },
};

/** How moments are told: `zone` is an IANA time zone; without one, that of this machine. */
export interface Telling {
  readonly language: Language;
  readonly nowMs: number;
  readonly zone?: string;
}

export function tellDiagnosis(
  { cause, certainty, sinceMs, facts }: Diagnosis<OffCause | UnusedCause>,
  telling: Telling,
): string {
  const { language } = telling;
  const phrase = diagnosisWords[language][phraseFor(cause, certainty, facts, sinceMs)];
  const values = tellFacts({ ...facts, since: sinceMs }, phrase, telling);
  return fillPlaces(language, phrase, values);
}

/** Values for the places of a phrase: moments (`since`, `…Ms`) told, what is not known as `?`. */
export function tellFacts(
  facts: Readonly<Record<string, unknown>>,
  phrase: string,
  telling: Telling,
): Record<string, string | number> {
  const told = (name: string): string | number => {
    const value = facts[name];
    if (Array.isArray(value)) return value.join(', ');
    if (typeof value !== 'number') return typeof value === 'string' ? value : '?';
    return name === 'since' || name.endsWith('Ms') ? tellMoment(value, telling) : Math.round(value);
  };
  return Object.fromEntries(placesOf(phrase).map((name) => [name, told(name)]));
}

function phraseFor(
  cause: OffCause | UnusedCause,
  certainty: string,
  { nextLessonMs }: Diagnosis['facts'],
  sinceMs: number | undefined,
): keyof typeof en {
  if (cause === 'batteryEmpty' && certainty === 'likely') return 'batteryEmptyLikely';
  if (cause === 'tooHot' && certainty === 'likely') return 'tooHotLikely';
  if (cause === 'asleep' && nextLessonMs === undefined) return 'asleepUnsaid';
  if (cause === 'pupilStayedAway' && sinceMs === undefined) return 'pupilStayedAwayUnsaid';
  return cause;
}

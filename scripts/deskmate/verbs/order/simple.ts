/** Orders that need no answer but done: wipe, restart, identify, consent, allow. */
import { numberFlag } from '../../command/flag.ts';
import { usageError } from '../../command/verb.ts';
import { orderVerb } from '../../fleet/order-verb.ts';
import { robotOperand } from '../../fleet/server-flags.ts';

export const wipe = orderVerb({
  name: 'wipe',
  summary: {
    en: 'a robot forgets its pupil: devices, invitations, traces',
    nl: 'een robot vergeet zijn leerling: apparaten, alle sporen',
    sv: 'en robot glömmer sin elev: enheter, alla spår',
  },
  ask: {
    en: 'Wipe all traces of the pupil',
    nl: 'Alle sporen van de leerling wissen',
    sv: 'Rensa alla spår av eleven',
  },
  examples: [
    {
      args: ['wipe', '--query', 'school:norra'],
      about: {
        en: 'all robots of a school, at the end of the year',
        nl: 'alle robots van een school, aan het eind van het jaar',
        sv: 'en skolas alla robotar, när läsåret är slut',
      },
    },
  ],
  prepare: async () => async () => ({ action: { kind: 'wipe' } }),
});

export const restart = orderVerb({
  name: 'restart',
  summary: {
    en: 'starts the software of a robot again',
    nl: 'start de software van een robot opnieuw',
    sv: 'startar om programvaran i en robot',
  },
  flags: {
    computer: {
      type: 'boolean',
      about: { en: 'the whole computer', nl: 'de hele computer', sv: 'hela datorn' },
    },
  },
  ask: { en: 'Restart', nl: 'Opnieuw starten', sv: 'Starta om' },
  examples: [
    {
      args: ['restart', 'robot-1', '--computer'],
      about: { en: 'all of it', nl: 'alles', sv: 'allt' },
    },
  ],
  prepare: async ({ flags }) => {
    const what = flags.computer ? 'computer' : 'agent';
    return async () => ({ action: { kind: 'restart', what } });
  },
});

export const identify = orderVerb({
  name: 'identify',
  summary: {
    en: 'lights and sound, so that somebody finds the robot',
    nl: 'licht en geluid, zodat iemand de robot vindt',
    sv: 'ljus och ljud, så att någon hittar roboten',
  },
  flags: {
    seconds: {
      ...{ type: 'number', value: 'N', min: 1, max: 60, whole: true },
      about: { en: 'how long (else 10)', nl: 'hoe lang (anders 10)', sv: 'hur länge (annars 10)' },
    },
  },
  examples: [
    {
      args: ['identify', 'robot-1', '--seconds', '20'],
      about: {
        en: 'which one of these is robot-1?',
        nl: 'welke van deze is robot-1?',
        sv: 'vilken av de här är robot-1?',
      },
    },
  ],
  prepare: async (call) => {
    const seconds = numberFlag(call, 'seconds') ?? 10;
    return async () => ({ action: { kind: 'identify', seconds } });
  },
});

const HOUR_S = 3_600;

export const consent = orderVerb({
  name: 'consent',
  summary: {
    en: 'lets support in for some hours; the robot shows it',
    nl: 'laat de helpdesk enkele uren toe; de robot toont het',
    sv: 'släpper in supporten några timmar; roboten visar det',
  },
  operands: [
    robotOperand,
    {
      ...{ name: 'HOURS', optional: true },
      about: { en: 'from now, 1 to 72', nl: 'vanaf nu, 1 tot 72', sv: 'från nu, 1 till 72' },
    },
  ],
  flags: {
    end: {
      type: 'boolean',
      about: {
        en: 'lets support in no longer',
        nl: 'laat de helpdesk niet langer toe',
        sv: 'släpper inte in supporten längre',
      },
    },
  },
  examples: [
    {
      args: ['consent', 'robot-1', '4'],
      about: {
        en: 'this afternoon support may look at it',
        nl: 'vanmiddag mag de helpdesk ernaar kijken',
        sv: 'i eftermiddag får supporten titta på den',
      },
    },
  ],
  prepare: async ({ flags, words, clock }) => {
    const hours = Number(words[1] ?? Number.NaN);
    const isGood = /^\d+$/.test(words[1] ?? '') && hours >= 1 && hours <= 72;
    if (Boolean(flags.end) === isGood || (flags.end && words.length > 1))
      throw usageError('HOURS: expected a whole number from 1 to 72, or --end');
    // A little less than the robot allows, as clocks differ.
    const until = flags.end ? 0 : Math.floor(clock.wall() / 1_000) + hours * HOUR_S - 60;
    return async () => ({ action: { kind: 'consent', until } });
  },
});

/** `2027-01-31T09:00`, in this computer's time zone. */
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/;

export const allow = orderVerb({
  name: 'allow',
  summary: {
    en: 'allows a lesson that is not in the timetable',
    nl: 'staat een les toe die niet in het rooster staat',
    sv: 'tillåter en lektion som inte står i schemat',
  },
  operands: [
    robotOperand,
    {
      name: 'FROM',
      about: {
        en: 'as 2027-01-31T09:00, by the time here',
        nl: 'zoals 2027-01-31T09:00, in de tijd van hier',
        sv: 'som 2027-01-31T09:00, med tiden här',
      },
    },
    { name: 'UNTIL', about: { en: 'its end', nl: 'het einde', sv: 'slutet' } },
  ],
  examples: [
    {
      args: ['allow', 'robot-1', '2027-01-29T13:00', '2027-01-29T14:30'],
      about: { en: 'a class party', nl: 'een klassenfeest', sv: 'en klassfest' },
    },
  ],
  prepare: async ({ words }) => {
    const [from = 0, until = 0] = ['FROM', 'UNTIL'].map((name, at) => {
      const text = words[at + 1] ?? '';
      const ms = MOMENT.test(text) ? new Date(text.replace(' ', 'T')).getTime() : Number.NaN;
      if (!Number.isNaN(ms)) return ms;
      throw usageError(`${name}: expected a time as 2027-01-31T09:00, got “${text}”`);
    });
    if (until <= from) throw usageError('UNTIL: expected a time after FROM');
    return async () => ({ action: { kind: 'allowLesson', from, until } });
  },
});

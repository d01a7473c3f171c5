/** Options that several verbs of fleets share. */
import { MAX_INVITATION_DAYS } from '../../../agent/wire/invitation-days.ts';
import type { NumberFlag, Operand, TextFlag } from '../command/flag.ts';
import { completeRobots, completeSchools } from '../command/known-names.ts';

export const dirFlag: TextFlag = {
  ...{ type: 'string', value: 'FOLDER' },
  about: {
    en: 'the fleet’s folder (else ~/.config/deskmate/fleet)',
    nl: 'de map van de groep (anders ~/.config/deskmate/fleet)',
    sv: 'gruppens mapp (annars ~/.config/deskmate/fleet)',
  },
};

export const passphraseFlag: TextFlag = {
  ...{ type: 'string', value: 'FILE' },
  about: {
    en: 'its first line is the passphrase of the fleet’s keys',
    nl: 'de eerste regel is de wachtwoordzin van de sleutels',
    sv: 'första raden är lösenfrasen för nycklarna',
  },
};

export const outFlag: TextFlag = {
  ...{ type: 'string', value: 'FILE' },
  about: {
    en: 'where it is written; nothing is written over',
    nl: 'waar het wordt opgeslagen; niets wordt overschreven',
    sv: 'var det skrivs; inget skrivs över',
  },
};

export const rootFlag: TextFlag = {
  ...{ type: 'string', value: 'THUMBPRINT' },
  about: {
    en: 'thumbprint of the fleet’s root key, as you were told it',
    nl: 'vingerafdruk van de hoofdsleutel, zoals je die hebt gekregen',
    sv: 'fingeravtryck av huvudnyckeln, så som du fick det',
  },
};

export const schoolFlag: TextFlag = {
  ...{ type: 'string', value: 'SCHOOL', repeated: true, complete: completeSchools },
  about: { en: 'of this school', nl: 'van deze school', sv: 'från den här skolan' },
};

export const robotFlag: TextFlag = {
  ...{ type: 'string', value: 'ROBOT', repeated: true, complete: completeRobots },
  about: { en: 'for this robot', nl: 'voor deze robot', sv: 'för den här roboten' },
};

export const nameFlag: TextFlag = {
  ...{ type: 'string', value: 'NAME' },
  about: {
    en: 'as lists show it',
    nl: 'zoals lijsten het tonen',
    sv: 'som listor visar det',
  },
};

/** A grant's longest time: it is renewed each school year. */
export const grantDaysFlag: NumberFlag = {
  ...{ type: 'number', value: 'N', min: 1, max: 730, whole: true },
  counted: { en: 'days', nl: 'dagen', sv: 'dagar' },
  about: {
    en: 'how long it is good for, 1 to 730 (else 365)',
    nl: 'hoe lang het geldt, 1 tot 730 (anders 365)',
    sv: 'hur länge det gäller, 1 till 730 (annars 365)',
  },
};

/** Validity of the invitation of a hand-over without `--days`. */
export const INVITATION_DAYS = 7;

export const invitationDaysFlag: NumberFlag = {
  ...{ type: 'number', value: 'N', min: 1, max: MAX_INVITATION_DAYS, whole: true },
  counted: { en: 'days', nl: 'dagen', sv: 'dagar' },
  about: {
    en: `how long the invitation is good for, 1 to ${MAX_INVITATION_DAYS} (else ${INVITATION_DAYS})`,
    nl: `hoe lang de uitnodiging geldt, 1 tot ${MAX_INVITATION_DAYS} (anders ${INVITATION_DAYS})`,
    sv: `hur länge inbjudan gäller, 1 till ${MAX_INVITATION_DAYS} (annars ${INVITATION_DAYS})`,
  },
};

/** The file that brings a robot into its fleet. */
export const answerFileOperand: Operand = {
  name: 'FILE',
  about: {
    en: 'what “deskmate robot add” wrote',
    nl: 'wat ‘deskmate robot add’ schreef',
    sv: 'vad ”deskmate robot add” skrev',
  },
};

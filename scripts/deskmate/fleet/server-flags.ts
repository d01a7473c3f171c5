/** Options of verbs that work through the fleet service. */
import { type Operand, queryFlag, type SwitchFlag, type TextFlag } from '../command/flag.ts';
import { completeRobots } from '../command/known-names.ts';

export const serverFlag: TextFlag = {
  ...{ type: 'string', value: 'URL' },
  about: {
    en: 'the fleet service (else that of deskmate login)',
    nl: 'de beheerdienst (anders die van deskmate login)',
    sv: 'tjänsten (annars den från deskmate login)',
  },
};

/** The service judges it: it has the query language of the fleet's version. */
export const robotsQuery = queryFlag<string>((text) => ({ ok: true, value: text }));

export const yesFlag: SwitchFlag = {
  type: 'boolean',
  about: {
    en: 'without asking first',
    nl: 'zonder eerst te vragen',
    sv: 'utan att fråga först',
  },
};

export const robotOperand: Operand = {
  ...{ name: 'ROBOT', complete: completeRobots },
  about: { en: 'its id', nl: 'de id van de robot', sv: 'robotens id' },
};

export const robotsOperand: Operand = { ...robotOperand, optional: true, variadic: true };

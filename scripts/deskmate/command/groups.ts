/** Groups of verbs, for their `parent`. */
import type { Group } from './verb.ts';

export const keyGroup: Group = {
  name: 'key',
  summary: {
    en: 'your own key, by which robots know you',
    nl: 'je eigen sleutel, waaraan robots je herkennen',
    sv: 'din egen nyckel, som robotarna känner igen dig på',
  },
};

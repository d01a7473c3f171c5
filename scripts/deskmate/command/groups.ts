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

export const fleetGroup: Group = {
  name: 'fleet',
  summary: {
    en: 'a fleet of robots: its keys, people and brokers',
    nl: 'een groep robots: sleutels, mensen en servers',
    sv: 'en grupp robotar: nycklar, människor och servrar',
  },
};

export const robotGroup: Group = {
  name: 'robot',
  summary: {
    en: 'brings a robot into a fleet',
    nl: 'brengt een robot in een groep',
    sv: 'tar in en robot i en grupp',
  },
};

export const auditGroup: Group = {
  name: 'audit',
  summary: {
    en: 'the signed log of changes',
    nl: 'het ondertekende logboek van wijzigingen',
    sv: 'den signerade loggen över ändringar',
  },
};

export const codeGroup: Group = {
  name: 'code',
  summary: {
    en: 'QR codes to show to a robot, without any network',
    nl: 'QR-codes om aan een robot te laten zien, zonder netwerk',
    sv: 'QR-koder att visa för en robot, utan nätverk',
  },
};

import type { Verb } from '../command/verb.ts';

export const calibrate: Verb = {
  name: 'calibrate',
  summary: {
    en: 'teach the robot where its head is, with a live plot',
    nl: 'de robot leren waar zijn hoofd staat, met een grafiek',
    sv: 'lär roboten var dess huvud är, med ett diagram',
  },
  flags: {},
  async run({ places, language, terminal }) {
    const { calibrate } = await import('../calibrate/calibrate.ts');
    return calibrate({ ...places.firmware, language }, terminal);
  },
};

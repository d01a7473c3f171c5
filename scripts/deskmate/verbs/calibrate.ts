import { calibrate as run } from '../calibrate/calibrate.ts';
import type { Verb } from '../command/verb.ts';

export const calibrate: Verb = {
  name: 'calibrate',
  summary: {
    en: 'teach the robot where its head is, with a live plot',
    nl: 'de robot leren waar zijn hoofd staat, met een grafiek',
    sv: 'lär roboten var dess huvud är, med ett diagram',
  },
  flags: {},
  run: ({ places, language, terminal }) => run({ ...places.firmware, language }, terminal),
};

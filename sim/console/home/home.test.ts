import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../agent/pages/shared/i18n.ts';
import { invitationWords } from '../../../agent/pages/shared/invitation-words.ts';
import type { ProcessName, SimStatus } from '../messages.ts';
import { Simulator, statusRows } from './home-page.ts';
import { homeWords } from './words.ts';

type Words = Readonly<Record<string, string>>;

const process = (name: ProcessName, state: 'running' | 'waiting') => ({
  name,
  state,
  pid: 1,
  restarts: 0,
  seconds: 1,
  lastExit: null,
  realTime: false,
});

const status: Pick<SimStatus, 'life' | 'processes' | 'broker'> = {
  life: { state: 'ready', faults: [] },
  processes: [
    process('firmware', 'running'),
    process('media', 'running'),
    process('agent', 'waiting'),
  ],
  broker: { up: true, refusals: {} },
};

describe('the status of the simulator', () => {
  it('is told in words, with what is not well marked', () => {
    expect(statusRows(status as SimStatus)).toEqual([
      { what: 'robotName', value: 'lifeReady', well: true },
      { what: 'firmware', value: 'running', well: true },
      { what: 'media', value: 'running', well: true },
      { what: 'agent', value: 'restarting', well: false },
      { what: 'broker', value: 'up', well: true },
    ]);
    const away = { ...status, life: null } as SimStatus;
    expect(statusRows(away)[0]).toEqual({ what: 'robotName', value: 'lifeAway', well: false });
  });
});

describe('asking the simulator', () => {
  const answering = (body: unknown, status = 200) =>
    new Simulator(async () => new Response(JSON.stringify(body), { status }));

  it('takes what fits and nothing else', async () => {
    const shown = { link: 'http://localhost:1/pupil/#x', qrSvg: '<svg/>', expires: 1 };
    expect(await answering(shown).invitation(false)).toEqual(shown);
    expect(await answering({ link: 'javascript' }).invitation(false)).toBeUndefined();
    expect(await answering(shown, 503).invitation(true)).toBeUndefined();
    expect(await answering('odd').status()).toBeUndefined();
  });

  it('is quiet when nobody answers', async () => {
    const gone = new Simulator(() => Promise.reject(new TypeError('failed')));
    expect(await gone.status()).toBeUndefined();
  });
});

describe('the words', () => {
  it('have the same keys and places in each language', () => {
    for (const { en, nl, sv } of [homeWords, invitationWords] as Record<string, Words>[])
      for (const words of [nl, sv]) {
        expect(Object.keys(words ?? {}).sort()).toEqual(Object.keys(en ?? {}).sort());
        for (const [key, text] of Object.entries(en ?? {}))
          expect(placesOf(words?.[key] ?? '')).toEqual(placesOf(text));
      }
  });
});

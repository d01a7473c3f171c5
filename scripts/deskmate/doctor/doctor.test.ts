import { describe, expect, it } from 'vitest';
import { placesOf as wordPlaces } from '../../../agent/pages/shared/i18n.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';
import { type Check, notExamined, ok, phrase, problem, warning } from './check.ts';
import { examine, worst } from './examine.ts';
import { mountOf } from './linux-host-probe.ts';
import { doctorWords, sentence } from './tell.ts';
import { FakeMachine } from './testing/fake-machine.ts';
import { subject } from './testing/subjects.ts';

describe('examining', () => {
  it('gives each check its time and keeps the order', async () => {
    const clock = new SimClock();
    const hangs: Check = { name: 'camera', withinMs: 2_000, run: () => new Promise(() => {}) };
    const quick: Check = {
      name: 'disk',
      withinMs: 9_000,
      run: async () => [warning('diskUnknown', { path: 'x' })],
    };
    const examined = examine([hangs, quick], new FakeMachine(), subject(), clock);
    await clock.advance(2_000);
    expect(await examined).toEqual([
      { name: 'camera', verdict: 'problem', findings: [problem('tooLong', { seconds: 2 })] },
      { name: 'disk', verdict: 'warning', findings: [warning('diskUnknown', { path: 'x' })] },
    ]);
  });

  it('the worst verdict is that of all', () => {
    expect(worst([ok('gpioFree', { count: 1 }), warning('gpioUnknown')])).toBe('warning');
    expect(worst([ok('gpioFree', { count: 1 }), notExamined('notOnBoard')])).toBe('ok');
    expect(worst([])).toBe('notExamined');
  });
});

describe('words', () => {
  it.each(['nl', 'sv'] as const)(
    '%s says the same as English, with the same places',
    (language) => {
      for (const key of Object.keys(doctorWords.en) as (keyof typeof doctorWords.en)[]) {
        const [own, english] = [doctorWords[language][key], doctorWords.en[key]];
        expect(new Set(wordPlaces(own)), key).toEqual(new Set(wordPlaces(english)));
        expect(own.split('|').length, key).toBe(english.split('|').length);
      }
    },
  );

  it('a phrase fills a place of another, and what machines say cannot break the table', () => {
    const chip = phrase('chipLeftEye', { address: '0x72' });
    expect(sentence(problem('i2cSilent', { chip, address: '0x72' }), 'nl')).toEqual({
      what: 'Linkeroog (0x72) antwoordt niet.',
      todo: 'Controleer stekker en voeding, en of het adres 0x72 is.',
    });
    const odd = problem('cameraFault', { why: 'a|b\nc' });
    expect(sentence(odd, 'en').what).toBe('The agent reports: a/b c');
  });
});

describe('what programs of the system print', () => {
  it('the mount of a folder is the longest, and the last of equal ones', () => {
    const mounts =
      '/dev/a / ext4 rw 0 0\n/dev/b /var ext4 ro,noatime 0 0\n/dev/c /var/lib/my\\040disk ext4 rw 0 0\n';
    expect(mountOf(mounts, '/home')).toEqual({ mount: '/', readOnly: false });
    expect(mountOf(mounts, '/var/lib')).toEqual({ mount: '/var', readOnly: true });
    expect(mountOf(mounts, '/variable')).toEqual({ mount: '/', readOnly: false });
    expect(mountOf(mounts, '/var/lib/my disk/x')).toMatchObject({ readOnly: false });
  });
});

describe('this computer', () => {
  it('is examined: whatever is found, the table is whole and the exit code says the worst', async () => {
    const { code, out, err } = await run(
      verbs,
      ['doctor', '--json', '--board', 'laptop', '--config', '/nowhere'],
      process.env,
    );
    expect(err).toBe('');
    const { verdict, checks } = parsed(out);
    expect(['ok', 'warning', 'problem'][code]).toBe(verdict);
    // A laptop has neither, so there is nothing of it that could be well.
    for (const name of ['i2c', 'gpio'])
      expect(checks.filter(({ check }) => check === name)).toMatchObject([
        {
          verdict: 'notExamined',
          findings: [{ verdict: 'notExamined', what: 'Not on this board.' }],
        },
      ]);
    expect(checks).toHaveLength(14);
    expect(checks.filter(({ check }) => check === 'board')).toMatchObject([{ verdict: 'ok' }]);
    const node = checks.filter(({ check }) => check === 'node');
    expect(node, JSON.stringify(node)).toMatchObject([{ verdict: 'ok' }]);
    for (const { findings } of checks)
      for (const { what, verdict: one, todo } of findings) {
        expect(what).not.toMatch(/\{|\|/);
        if (one === 'warning' || one === 'problem') expect(todo).not.toBe('');
      }
    // As long as all checks together may take.
  }, 60_000);

  it('a table for people: marks, words, no colours into a pipe', async () => {
    const { code, out } = await run(
      verbs,
      ['doctor', '--board', 'nothing', '--lang', 'sv', '--config', '/nowhere'],
      process.env,
    );
    expect(code).toBe(2);
    expect(out).toMatch(/✗ problem +Kretskort +Kortet går inte att använda/);
    expect(out).toContain('→ Rätta kortfilen');
    expect(out).not.toContain('\u001b');
  });
});

const parsed = (out: string): ReturnType<typeof asShape> => JSON.parse(out);
const asShape = () => ({
  verdict: '',
  checks: [{ check: '', verdict: '', findings: [{ verdict: '', what: '', todo: '' }] }],
});

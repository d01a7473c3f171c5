import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../agent/pages/shared/i18n.ts';
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { referenceCalibration } from '../../../sim/world/geometry.ts';
import { translator } from '../command/language.ts';
import { save } from './calibrate.ts';
import { drawPlot } from './plot.ts';
import { CalibrationFailed, type Problem } from './problem.ts';
import { TerminalOperator } from './terminal.ts';
import { calibrateWords, problemText } from './words.ts';

function terminal(isTTY: boolean) {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY, columns: 60 });
  const clock = new SimClock();
  const operator = new TerminalOperator(
    { input, output },
    deskmate1,
    translator(calibrateWords, 'en'),
    clock,
  );
  const text = (): string => String(output.read() ?? '');
  return { input, clock, operator, text };
}

describe('a plot in text', () => {
  const range = { from: 0, to: 100, unit: '°' };
  const plot = { x: range, y: range, columns: 10, rows: 5 };

  it('puts a point where it belongs, also one outside', () => {
    const corner = (x: number, y: number) => drawPlot(plot, [{ x, y }]);
    expect(corner(0, 0)[4]).toBe('    0 ° ┤⡀         ');
    expect(corner(100, 100)[0]).toBe('  100 ° ┤         ⠈');
    expect(corner(1e9, -50)[4]).toBe('    0 ° ┤         ⢀');
    expect(corner(50, 50)[2]).toMatch(/^ {3}50 ° ┤ +\S +$/);
  });

  it('names both ends of both axes', () => {
    const lines = drawPlot({ ...plot, x: { from: 500, to: 2500, unit: 'µs' }, columns: 30 }, []);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toMatch(/^ +500 µs +2500 µs$/);
  });
});

describe('the terminal', () => {
  it('asks, shows live angles on a screen, and waits for Enter', async () => {
    const { input, clock, operator, text } = terminal(true);
    let done = false;
    const asked = operator
      .ask('turnLeft', async () => ({ pan: 41.26 }))
      .then(() => {
        done = true;
      });
    await clock.advance(1_000);
    expect(done).toBe(false);
    expect(text()).toMatch(/quarter turn[\s\S]*Press Enter[\s\S]*turning 41\.3°/);
    input.write('\n');
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(300);
    await asked;
    operator.close();
  });

  it('draws the sweep in place on a screen, and line by line into a file', async () => {
    const screen = terminal(true);
    screen.operator.sample('pan', { us: 1500, deg: 1 });
    screen.operator.sample('pan', { us: 1600, deg: -18 });
    expect(screen.text()).toContain('\u001b[15A');
    const file = terminal(false);
    file.operator.sample('pan', { us: 1600, deg: -18 });
    file.operator.check('tilt', 10, 10.4);
    expect(file.text()).toBe(
      '  told 1600 µs, measured -18.0°\n  tilting: told 10°, measured 10.4°\n',
    );
    screen.operator.close();
    file.operator.close();
  });

  it('ends what it waits for on Ctrl-C and when the input ends', async () => {
    for (const end of ['cancel', 'input'] as const) {
      const { input, operator } = terminal(false);
      const asked = operator.ask('lookAhead', async () => ({})).catch((error: unknown) => error);
      if (end === 'cancel') operator.cancel();
      else input.end();
      expect(await asked).toBeInstanceOf(CalibrationFailed);
      expect(() => operator.throwIfCancelled()).toThrow(CalibrationFailed);
    }
  });

  it('takes only a clear yes for a yes', async () => {
    for (const [answer, yes] of [
      ['y', true],
      ['Ja', true],
      ['', false],
      ['n', false],
    ] as const) {
      const { input, operator } = terminal(false);
      const asked = operator.confirm('Save?', 'yj');
      input.write(`${answer}\n`);
      expect(await asked).toBe(yes);
      operator.close();
    }
  });
});

it('has a sentence for every problem in every language', () => {
  const problems: Problem[] = [
    { kind: 'noAnswer', device: 'x', why: 'x: no answer' },
    { kind: 'noMagnet', axis: 'pan' },
    { kind: 'unsteady', axis: 'pan', spreadDeg: 3 },
    { kind: 'turnUnclear', axis: 'pan', turnedDeg: 3 },
    { kind: 'doesNotMove', axis: 'tilt' },
    { kind: 'swapped' },
    { kind: 'shortRange', axis: 'pan', reachedDeg: 10, neededDeg: 175 },
    { kind: 'notStraight', axis: 'pan', offDeg: 5 },
    { kind: 'verifyFailed', axis: 'pan', wantedDeg: 1, measuredDeg: 7 },
    { kind: 'cancelled' },
  ];
  for (const language of LANGUAGES) {
    const say = translator(calibrateWords, language);
    for (const problem of problems) expect(problemText(say, problem)).toMatch(/^[^\n{}]{15,}[.?]$/);
  }
});

it('saves whole, and keeps what was there before', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'deskmate-calibrate-')), 'calibration.json');
  await save(file, referenceCalibration);
  const turned = { ...referenceCalibration.pan, usPerDeg: 5.4 };
  await save(file, { ...referenceCalibration, pan: turned });
  expect(JSON.parse(await readFile(`${file}.previous`, 'utf8'))).toEqual({
    ...{ schema: 'calibration/1', minReader: 1 },
    ...referenceCalibration,
  });
  expect(JSON.parse(await readFile(file, 'utf8')).pan.usPerDeg).toBe(5.4);
  const nonsense = { ...referenceCalibration, pan: { ...turned, zeroUs: 9_000 } };
  await expect(save(file, nonsense)).rejects.toThrow(/pan\.zeroUs/);
  expect(JSON.parse(await readFile(file, 'utf8')).pan.usPerDeg).toBe(5.4);
});

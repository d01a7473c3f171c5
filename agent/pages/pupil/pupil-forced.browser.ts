/**
 * The pupil's page in colours that the system forces (contrast themes), and without motion: what told
 * something by its colour is measured in the pixels that are painted, in a light and a dark theme.
 */
import { describe, expect, it } from 'vitest';
import { type Look, look } from '../testing/pixels.ts';
import { pupilVisits } from '../testing/pupil-visits.ts';

const open = pupilVisits();

/** All can be seen, and no two look alike. */
function expectApart(looks: Readonly<Record<string, Look>>): void {
  for (const [name, { ink }] of Object.entries(looks)) expect(ink, name).toBeGreaterThan(0.02);
  const pictures = Object.values(looks).map(({ png }) => png);
  expect(new Set(pictures).size, Object.keys(looks).join(', ')).toBe(pictures.length);
}

describe.each(['light', 'dark'] as const)('forced colours, %s', (colorScheme) => {
  const theme = { forcedColors: 'active', colorScheme } as const;

  it('the mark of the status has a shape of its own in each state', async () => {
    const visit = await open((pages) => pages.inClass(theme));
    const mark = visit.page.locator('.status-mark');
    const good = await look(mark);
    await visit.change({ phase: 'paused' });
    const calm = await look(mark);
    await visit.change({ phase: 'waking' });
    const busy = await look(mark);
    await visit.change({ phase: 'waking', problems: ['body'] });
    expect(await visit.page.locator('#status').getAttribute('data-tone')).toBe('bad');
    expectApart({ good, calm, busy, bad: await look(mark) });
  });

  it('a raised hand, one that was seen, and just listening stand out from the other buttons', async () => {
    const visit = await open((pages) => pages.inClass(theme));
    const hand = visit.page.locator('#hand');
    const down = await look(hand);
    await visit.change({ hand: 'up' });
    const up = await look(hand);
    await visit.change({ hand: 'acknowledged' });
    const seen = await look(hand);
    expectApart({ down, up, seen });
    expect(up.ground).not.toBe(down.ground);
    expect(seen.ground).not.toBe(down.ground);
    const listen = visit.page.locator('#listen');
    const talking = await look(listen);
    await visit.change({ listenOnly: true });
    expect((await look(listen)).ground).not.toBe(talking.ground);
  });

  it('the focus is seen on each control', async () => {
    const visit = await open((pages) => pages.inClass(theme));
    const { page } = visit;
    const seen = new Set<string>();
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press('Tab');
      const id = (await visit.focused()) ?? '';
      if (seen.has(id) || !id) continue;
      seen.add(id);
      const ring = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(
          document.activeElement ?? document.body,
        );
        const canvas = getComputedStyle(document.documentElement).backgroundColor;
        return { style: outlineStyle, px: Number.parseFloat(outlineWidth), outlineColor, canvas };
      });
      expect(ring.style, id).not.toBe('none');
      expect(ring.px, id).toBeGreaterThanOrEqual(2);
      expect(ring.outlineColor, id).not.toBe(ring.canvas);
    }
    for (const id of ['hand', 'preset-board', 'mood', 'sound', 'quality', 'help', 'leave'])
      expect([...seen]).toContain(id);
  });

  it('what cannot be pressed now looks otherwise than what can', async () => {
    const visit = await open((pages) => pages.inClass(theme));
    const nod = visit.page.locator('#nod');
    const able = await look(nod);
    await visit.change({ motion: 'off', problems: ['noMotion'] });
    expectApart({ able, blocked: await look(nod) });
  });

  it('the steps on the way and the level of the microphone can be told', async () => {
    const visit = await open((pages) => pages.visit('&robot=desk-1', theme));
    const { page } = visit;
    // The microphone of the test beeps: the bar is empty before it and filled with it.
    const level = page.locator('#microphone-level');
    await level.waitFor();
    await page.waitForFunction(() => (document.querySelector('meter')?.value ?? 0) > 0.3);
    expect((await look(level)).ink).toBeGreaterThan(0.02);
    await visit.script({ stopAt: { name: 'handshaking' } });
    await page.click('#go');
    await page.locator('#steps .now').getByText('Knocking at the robot').waitFor();
    const [done, current, later] = await Promise.all(
      ['.done', '.now', '.later'].map((state) =>
        look(page.locator(`#steps ${state} .step-mark`).first()),
      ),
    );
    if (!done || !current || !later) throw new Error('three steps');
    expectApart({ done, current, later });
  });

  it('a banner, a chip and the veil have an edge', async () => {
    const visit = await open((pages) => pages.inClass(theme));
    await visit.change({ voice: 'whisper', problems: ['speaker'], speaker: 'fault' });
    for (const part of ['#fact-speaker', '#chip-whisper'])
      expect((await look(visit.page.locator(part))).ink, part).toBeGreaterThan(0.02);
    await visit.change({ phase: 'paused' });
    expect((await look(visit.page.locator('#veil'))).ink).toBeGreaterThan(0.005);
  });
});

describe('without motion', () => {
  it('nothing moves by itself or takes time to change, on any screen', async () => {
    const visit = await open((pages) => pages.withInvitation({ reducedMotion: 'reduce' }));
    const { page } = visit;
    const moving = (): Promise<string[]> =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter(({ playState }) => playState === 'running')
          .map((one) => `${one.constructor.name} ${one.id}`),
      );
    const still = async (): Promise<void> => expect(await moving()).toEqual([]);
    await page.waitForSelector('#bind');
    await still();
    await page.click('#bind');
    await page.click('#pin-skip');
    await page.waitForSelector('#go');
    await visit.script({ stopAt: { name: 'handshaking' } });
    await page.click('#go');
    await page.getByText('Knocking at the robot').waitFor();
    await still();
    await visit.connect({ name: 'inClass' });
    await page.waitForSelector('#stage');
    for (const news of [
      { hand: 'up' },
      { hand: 'acknowledged' },
      { phase: 'waking' },
      { phase: 'paused' },
    ] as const) {
      await visit.change(news);
      await still();
    }
    await page.click('#mood');
    await still();
  });
});

import { describe, expect, it } from 'vitest';
import { DARK, type Meaning } from '../../../../firmware/lights/meaning.ts';
import { hand as shownHand, ring as shownRing } from '../../../../firmware/lights/ring.ts';
import { colourOf, eyesOf, LampReader } from './meaning.ts';

/** Watches what firmware really shows for `ms`, as the page does: 30 times a second. */
function watch(meaning: Partial<Meaning>, ms = 3_000, reader = new LampReader(), fromMs = 0) {
  let read = { ring: 'off', hand: 'down' } as ReturnType<LampReader['read']>;
  const all = new Set<string>();
  for (let t = fromMs; t < fromMs + ms; t += 33) {
    const full = { ...DARK, ...meaning };
    const [r, g, b] = shownRing(full, t);
    read = reader.read({ ring: [r, g, b], hand: shownHand(full, t) }, t);
    all.add(read.ring);
  }
  return { ...read, all: [...all] };
}

describe('LampReader, on the patterns that firmware shows', () => {
  it.each([
    ['asleep', 'off'],
    ['here', 'here'],
    ['listening', 'listening'],
    ['lost', 'lost'],
    ['updating', 'updating'],
    ['pairing', 'pairing'],
  ] as const)('reads %s as %s', (presence, expected) => {
    expect(watch({ presence }).ring).toBe(expected);
  });

  it('reads the blinking amber of a pause at every moment, the dark half too', () => {
    const reader = new LampReader();
    const early = watch({ presence: 'here', paused: true }, 2_500, reader);
    expect(early.ring).toBe('paused');
    const late = watch({ presence: 'here', paused: true }, 4_000, reader, 2_500);
    expect(late.all).toEqual(['paused']);
  });

  it('does not take a lost pupil for a pause while it makes up its mind', () => {
    const reader = new LampReader();
    watch({ presence: 'here' }, 3_000, reader);
    const lost = watch({ presence: 'lost' }, 3_000, reader, 3_000);
    expect(lost.all).toEqual(['here', 'lost']);
    expect(watch({ presence: 'asleep' }, 3_000, reader, 6_000).all).toEqual(['lost', 'off']);
  });

  it('reads an alarm that takes turns as an alarm', () => {
    const reader = new LampReader();
    watch({ presence: 'here', fault: true }, 4_500, reader);
    expect(watch({ presence: 'here', fault: true }, 4_500, reader, 4_500).all).toEqual(['fault']);
  });

  it('tells a hand that is up from one that was seen', () => {
    expect(watch({ presence: 'here', hand: 'up' }).hand).toBe('up');
    expect(watch({ presence: 'here', hand: 'acknowledged' }).hand).toBe('seen');
    expect(watch({ presence: 'here', hand: 'down' }).hand).toBe('down');
  });
});

describe('colours and eyes', () => {
  it('knows a colour however dim it is', () => {
    expect(colourOf([0.003, 0.015, 0.105])).toBe('listening');
    expect(colourOf([0.06, 0.054, 0.044])).toBe('here');
    expect(colourOf([0, 0, 0])).toBe('off');
  });

  it('sees shut and dark eyes', () => {
    const rows = (...lit: number[]) => Array.from({ length: 8 }, (_, i) => lit[i] ?? 0);
    const pair = (left: number[], brightness = 10) => ({ left, right: left, brightness });
    expect(eyesOf(pair(rows(60, 126), 0))).toBe('dark');
    expect(eyesOf(pair(rows(255, 126)))).toBe('shut');
    expect(eyesOf(pair(rows(60, 126, 195, 129)))).toBe('open');
  });
});

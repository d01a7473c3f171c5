import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_PACKET, PacketGauge, StrangePacket } from './packet-gauge.ts';

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  let left = length;
  do {
    const digit = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? digit + 128 : digit);
  } while (left > 0);
  return bytes;
}

const packet = (first: number, length: number, fill = 7): Buffer =>
  Buffer.concat([Buffer.from([first, ...lengthBytes(length)]), Buffer.alloc(length, fill)]);

const PUBLISH_0 = 0x30;
const PUBLISH_1 = 0x32;

function gauge(mayTake = (): boolean => true, mayHear = (): boolean => true) {
  const dropped: string[] = [];
  const onDropped = (why: string): unknown => dropped.push(why);
  return { dropped, it: new PacketGauge({ mayTake, mayHear, onDropped }) };
}

/** Everything that passes of `bytes` when they arrive in chunks of the given sizes. */
function through(bytes: Buffer, sizes: readonly number[], one = gauge().it): Buffer {
  const out: Uint8Array[] = [];
  let at = 0;
  for (let n = 0; at < bytes.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length] ?? 1);
    const { pass, rest } = one.take(bytes.subarray(at, at + size));
    expect(rest).toBeUndefined();
    out.push(...pass);
    at += size;
  }
  return Buffer.concat(out);
}

const lengths = fc.oneof(fc.nat(300), fc.constantFrom(0, 127, 128, 16_383, 16_384, LONGEST_PACKET));
const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });

it('packets within the limit pass unchanged, however they are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(PUBLISH_0, PUBLISH_1), lengths)),
      sizes,
      (all, cut) => {
        const bytes = Buffer.concat([
          packet(0x20, 2),
          ...all.map(([first, length]) => packet(first, length)),
          packet(0xd0, 0),
        ]);
        expect(through(bytes, cut).equals(bytes)).toBe(true);
      },
    ),
  );
});

it('a packet that is too long is truncated, with its length adjusted', () => {
  fc.assert(
    fc.property(fc.integer({ min: LONGEST_PACKET + 1, max: 400_000 }), sizes, (length, cut) => {
      const after = packet(PUBLISH_0, 5, 9);
      const bytes = Buffer.concat([packet(PUBLISH_1, length), after]);
      const kept = Buffer.concat([packet(PUBLISH_1, LONGEST_PACKET), after]);
      const { it: one, dropped } = gauge();
      expect(through(bytes, cut, one).equals(kept)).toBe(true);
      expect(dropped).toEqual(['tooLong']);
    }),
    { numRuns: 20 },
  );
});

it('a message of 256 MB is not buffered', () => {
  const { it: one } = gauge();
  one.take(Buffer.from([PUBLISH_1, ...lengthBytes(268_435_455)]));
  const chunk = Buffer.alloc(64 * 1024);
  let passed = 0;
  for (let n = 0; n < 4_096; n++) for (const part of one.take(chunk).pass) passed += part.length;
  expect(passed).toBe(LONGEST_PACKET);
});

describe('ends the connection', () => {
  it.each([
    ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff]],
    ['a message of quality 2, which nobody asked for', [0x34, 0x05]],
    ['a message of quality 3, which there is not', [0x36, 0x05]],
    ['a packet that only clients send', [0x10, 0x05]],
    ['kind 0', [0x00, 0x00]],
    ['a long CONNACK', [0x20, ...lengthBytes(20_000)]],
    ['a long PINGRESP', [0xd0, ...lengthBytes(268_435_455)]],
  ])('%s', (_what, bytes) => {
    expect(() => gauge().it.take(Uint8Array.from(bytes))).toThrow(StrangePacket);
  });
});

describe('rate limit', () => {
  it('delays messages with QoS 1, and drops those with QoS 0', () => {
    let room = 1;
    const { it: one, dropped } = gauge(() => room-- > 0);
    const [first, second, third] = [
      packet(PUBLISH_1, 3),
      packet(PUBLISH_0, 4),
      packet(PUBLISH_1, 5),
    ];
    const step = one.take(Buffer.concat([first, second, third]));
    expect(Buffer.concat(step.pass).equals(first)).toBe(true);
    expect(dropped).toEqual(['tooMany']);
    expect(step.rest).toBeDefined();
    room = 1;
    const later = one.take(step.rest ?? Buffer.alloc(0));
    expect(Buffer.concat(later.pass).equals(third)).toBe(true);
    expect(later.rest).toBeUndefined();
  });

  const answers = Buffer.concat([packet(0x40, 2), packet(0xd0, 0), packet(0x90, 3)]);

  it('never delays an answer', () => {
    const { it: one } = gauge(() => false);
    expect(Buffer.concat(one.take(answers).pass).equals(answers)).toBe(true);
  });

  it('delays answers beyond the possible number, and loses none', () => {
    let room = 1;
    const { it: one } = gauge(
      () => true,
      () => room-- > 0,
    );
    const step = one.take(answers);
    expect(Buffer.concat(step.pass).equals(packet(0x40, 2))).toBe(true);
    room = 9;
    const later = one.take(step.rest ?? Buffer.alloc(0));
    expect(Buffer.concat([...step.pass, ...later.pass]).equals(answers)).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NewerSchema, openEnvelope, type Schema, sealEnvelope } from './envelope.ts';

/** Written for the third time: names became a list, then got a colour. */
const schema: Schema = {
  name: 'guests',
  migrations: [
    (fields) => fields,
    ({ name, ...rest }) => ({ ...rest, names: [name] }),
    (fields) => ({ colour: 'red', ...fields }),
  ],
  minReader: 2,
};
const opened = (json: unknown) => openEnvelope(schema, json);

describe('an envelope', () => {
  it('gives back what was put in, and says who may read it', () => {
    const sealed = sealEnvelope(schema, { names: ['a'], colour: 'blue' });
    expect(sealed).toEqual({ schema: 'guests/3', minReader: 2, names: ['a'], colour: 'blue' });
    expect(opened(sealed)).toEqual({
      written: { version: 3, minReader: 2 },
      fields: { names: ['a'], colour: 'blue' },
    });
  });

  it.each([
    [{ name: 'a', later: 1 }],
    [{ schema: 'guests/1', minReader: 1, name: 'a', later: 1 }],
    [{ schema: 'guests/2', minReader: 2, names: ['a'], later: 1 }],
  ])('brings %j forward, with what is not known', (json) => {
    expect(opened(json).fields).toEqual({ names: ['a'], colour: 'red', later: 1 });
  });

  it('of a newer version is read where that permits it, and stays that version’s', () => {
    const newer = { schema: 'guests/9', minReader: 3, names: ['a'], shape: 'round' };
    const { written, fields } = opened(newer);
    expect(sealEnvelope(schema, { ...fields, names: ['b'] }, written)).toEqual({
      ...{ schema: 'guests/9', minReader: 3 },
      ...{ names: ['b'], shape: 'round' },
    });
  });

  it('of a newer version that does not permit it is not read', () => {
    expect(() => opened({ schema: 'guests/4', minReader: 4, names: ['a'] })).toThrow(NewerSchema);
    expect(() => opened({ schema: 'guests/4', minReader: 4 })).toThrow(
      /version 4 or newer may read/,
    );
  });

  it.each([
    [{ schema: 'guests/4' }, /^minReader: /],
    [{ minReader: 4 }, /^schema: /],
    [{ schema: 'guests/3', minReader: 4 }, /^minReader: expected a version, 3 at most/],
    [{ schema: 'guests/0', minReader: 1 }, /^schema: /],
    [{ schema: 'guests/03', minReader: 1 }, /^schema: /],
    [{ schema: 'ghosts/3', minReader: 1 }, /^schema: expected guests\//],
    [{ schema: 3, minReader: 1 }, /^schema: /],
    [[], /^the whole file: /],
  ])('that cannot be right is damage: %j', (json, expected) => {
    expect(() => opened(json)).toThrow(expected);
    expect(() => opened(json)).not.toThrow(NewerSchema);
  });

  it('is never taken for a newer version’s because of one bit', () => {
    const bytes = Buffer.from(JSON.stringify(sealEnvelope(schema, { names: ['a'] })));
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const bitten = Buffer.from(bytes);
      bitten[bit >> 3] = (bitten[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = (): unknown => opened(JSON.parse(bitten.toString()));
      expect(read).not.toThrow(NewerSchema);
    }
  });

  it('answers any JSON with fields or one line', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          expect(opened(json).fields).toBeTypeOf('object');
        } catch (error) {
          expect(String(error)).toMatch(/^Error: [^\n]+$/);
        }
      }),
    );
  });
});

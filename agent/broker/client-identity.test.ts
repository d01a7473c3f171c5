import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../hal/common/certificate.ts';
import { readClientIdentity } from './client-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'identity-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const validity = { fromMs: 0, toMs: 4e12 };
const one = await selfSigned('robot-1', ['robot-1'], validity);
const other = await selfSigned('robot-1', ['robot-1'], validity);
const [cert, key, wrong, text] = [
  put('cert', one.cert),
  put('key', one.key),
  put('other', other.key),
  put('text', 'hello'),
];
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);

describe('the client certificate', () => {
  it('is optional', () => expect(readClientIdentity({})).toBeUndefined());

  it('is read with its key', () => {
    expect(readClientIdentity({ brokerCert: cert, brokerKey: key })).toEqual(one);
  });

  it.each([
    [{ brokerCert: cert }, /^brokerKey: expected the file of the key/],
    [{ brokerKey: key }, /^brokerCert: expected the certificate/],
    [{ brokerCert: cert, brokerKey: wrong }, /^brokerKey: .*not the one of the certificate/],
    [{ brokerCert: '/nowhere', brokerKey: key }, /^brokerCert: .*\/nowhere: .*no such file/],
    [{ brokerCert: text, brokerKey: key }, /^brokerCert: expected PEM/],
    [{ brokerCert: cert, brokerKey: text }, /^brokerKey: expected PEM/],
    [{ brokerCert: cert, brokerKey: pipe }, /^brokerKey: .*a pipe, expected a file/],
  ])('%j is refused', (files, why) => {
    expect(() => readClientIdentity(files)).toThrow(why);
  });
});

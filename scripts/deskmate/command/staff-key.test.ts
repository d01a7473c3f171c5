import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';
import { loadStaffKey, readStaffFile, writeStaffFile } from './staff-key.ts';

let home: string;
let folder: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'deskmate-'));
  folder = path.join(home, '.config/deskmate');
  file = path.join(folder, 'key.json');
});
afterEach(() => rmSync(home, { recursive: true }));

const type = (line: string) => run(verbs, line.split(' '), { HOME: home });
const mode = (of: string): number => statSync(of).mode & 0o777;

describe('a person’s key', () => {
  it('is made once, for that person’s eyes only, and shown without its private part', async () => {
    expect(await type('key show')).toMatchObject({
      code: 65,
      err: expect.stringMatching(/key new/),
    });
    const made = await type('key new');
    expect(made.code).toBe(0);
    expect([mode(folder), mode(file)]).toEqual([0o700, 0o600]);
    const { jwk, thumbprint } = JSON.parse((await type('key show --json')).out);
    expect(Object.keys(jwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(made.out).toContain(thumbprint);
    const { d } = JSON.parse(readFileSync(file, 'utf8')).signing;
    expect(made.out + (await type('key show')).out).not.toContain(d);
    const before = readFileSync(file, 'utf8');
    expect(await type('key new --lang nl')).toMatchObject({ code: 65 });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('signs, and cannot be taken out of the program', async () => {
    await type('key new');
    const loaded = await loadStaffKey(folder);
    if (!loaded.ok) throw new Error(loaded.reason);
    expect(loaded.key.key).toMatchObject({ type: 'private', extractable: false });
  });

  it.each([0o640, 0o604, 0o660])('is refused when others can read it (%o)', async (bad) => {
    await type('key new');
    chmodSync(file, bad);
    const refused = await type('key show');
    expect(refused).toMatchObject({ code: 77, out: '' });
    expect(refused.err).toContain(`chmod 600 ${file}`);
    chmodSync(file, 0o600);
    chmodSync(folder, 0o755);
    expect((await type('key show')).err).toContain(`chmod 700 ${folder}`);
  });

  it.each(['', '{', '[]', '{"version":1}', '{"version":1,"signing":{"kty":"EC"}}'])(
    'is refused when damaged: %s',
    async (text) => {
      await type('key new');
      writeFileSync(file, text);
      const { code, out } = await type('key show --json');
      expect(code).toBe(65);
      expect(JSON.parse(out).error).toMatchObject({ code: 'keyWrong', file });
    },
  );

  it('a link in its place is not followed', async () => {
    await writeStaffFile(folder, 'grant.jwt', 'x', 'new');
    symlinkSync('grant.jwt', file);
    expect(await loadStaffKey(folder)).toMatchObject({ ok: false, reason: 'wrong' });
  });

  it('has grants beside it, replaced whole', async () => {
    expect(await readStaffFile(folder, 'grant.jwt')).toMatchObject({ reason: 'missing' });
    await writeStaffFile(folder, 'grant.jwt', 'one', 'new');
    expect(await writeStaffFile(folder, 'grant.jwt', 'no', 'new')).toMatchObject({ ok: false });
    await writeStaffFile(folder, 'grant.jwt', 'two', 'replace');
    expect(await readStaffFile(folder, 'grant.jwt')).toEqual({ ok: true, text: 'two' });
  });

  it('needs a home', async () => {
    const { code, err } = await run(verbs, ['key', 'show'], { XDG_CONFIG_HOME: 'relative' });
    expect({ code, err }).toMatchObject({ code: 78, err: expect.stringMatching(/HOME/) });
  });
});

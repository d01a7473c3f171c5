import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;

beforeAll(() => {
  // Inside the checkout, where the sample finds its packages.
  folder = mkdtempSync(path.join(root, 'node_modules/.skipped-'));
  writeFileSync(
    path.join(folder, 'sample.test.ts'),
    `import { describe, expect, it } from 'vitest';
     describe('here', () => it('runs', () => expect(1).toBe(1)));
     describe.skipIf(process.env.TOOL !== 'there')('needs a tool', () => {
       it('one', () => {});
       it('two', () => {});
     });`,
  );
  writeFileSync(
    path.join(folder, 'vitest.config.ts'),
    `import { SkippedReporter } from '${root}/scripts/testing/skipped.ts';
     export default { test: { include: ['*.test.ts'], reporters: ['default', new SkippedReporter()] } };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(env: NodeJS.ProcessEnv) {
  const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  const plain = { ...process.env, ALL_TESTS: '', VITEST: undefined, ...env };
  return spawnSync(process.execPath, args, { env: plain, encoding: 'utf8' });
}

describe('a run with skipped tests', () => {
  it('says what did not run, and passes on a computer that lacks a tool', () => {
    const { status, stdout } = run({});
    expect(stdout).toContain('Not run here: 2 tests\n  2 of sample.test.ts: needs a tool\n');
    expect(status).toBe(0);
  });

  it('fails where all must run', () => {
    const { status, stdout } = run({ ALL_TESTS: '1' });
    expect(stdout).toContain('Skipped, though ALL_TESTS=1 asks for all: 2 tests\n');
    expect(status).toBe(1);
  });

  it('is silent when nothing was skipped', () => {
    const { status, stdout } = run({ ALL_TESTS: '1', TOOL: 'there' });
    expect(stdout).not.toMatch(/Skipped, though|Not run here/);
    expect(status).toBe(0);
  });
});

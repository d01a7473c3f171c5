import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { root } from '../../scripts/preflight.mjs';
import { runStation } from '../../scripts/station/station-process.ts';
import { runSim } from '../../sim/sim-main.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it.each([
  ['sim', runSim, { PORT: 'abc' }, 'PORT=abc: expected a port number, 0 to 65535\n'],
  ['sim', runSim, { LOG_LEVEL: 'loud' }, expect.stringMatching(/^LOG_LEVEL=loud: .*\n$/)],
  ['run', runStation, { BOARD: '' }, 'BOARD=: expected a board: make run BOARD=laptop\n'],
  ['run', runStation, { BOARD: 'lap' }, expect.stringMatching(/^BOARD: unknown board "lap".*\n$/)],
])('make %s says in one line what is wrong', async (_name, start, env, line) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const said: unknown[] = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0);
  expect(await start([], { root, startedAgoMs: 0 })).toBe(64);
  expect(said).toEqual([line]);
});

it('a port that is taken is no wrong use: it ends with 69', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const state = await mkdtemp(join(tmpdir(), 'taken-'));
  const given = ['--port', String(port), '--mqtt-port', '0', '--state', state];
  expect(await runSim(given, { root, startedAgoMs: 0 })).toBe(69);
  expect(said.join('')).toContain(`Port ${port} is taken by another program.`);
  other.close();
  await rm(state, { recursive: true });
});

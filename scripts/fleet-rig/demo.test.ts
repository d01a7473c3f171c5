/** `make fleet`, with fewer robots: it starts, answers, and ends. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { signLogin } from '../../agent/wire/login.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { signerOf } from '../../sim/fleet/fleet-people.ts';
import { root } from '../preflight.mjs';
import { openDemo } from './demo.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-demo-'));
// Below the checkout, where its packages are found.
const bundle = path.join(root, 'dist', `test-fleet-robots-${process.pid}.mjs`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundle, { force: true });
});

async function logIn(url: string, keyFile: string): Promise<string> {
  const { privateJwk, chain, fleet } = JSON.parse(readFileSync(keyFile, 'utf8'));
  const post = async (where: string, body?: object) => {
    const response = await fetch(new URL(where, url), {
      method: 'POST',
      ...(body && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as Record<string, string>;
  };
  const { nonce = '' } = await post('/v1/login/challenge');
  const iat = Math.floor(Date.now() / 1_000);
  const audience = new URL(url).origin;
  const login = await signLogin(await signerOf({ privateJwk, chain }), {
    ...{ fleet, nonce, audience, iat },
  });
  return (await post('/v1/login', { login, chain })).token ?? '';
}

it('shows 30 robots of 4 schools to somebody with its key, a term of usage, and ends', async () => {
  const clock = new SystemClock();
  await build({
    ...{ entryPoints: [path.join(root, 'sim/fleet/swarm-main.ts')], outfile: bundle },
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external' },
    ...{ define: { DESKMATE_BUILT_S: '1' }, logLevel: 'error' },
  });
  const options = { robots: 30, port: 0, folder, swarmScript: bundle };
  const demo = await openDemo(options, clock);
  expect(statSync(demo.keyFile).mode & 0o077).toBe(0);
  const token = await logIn(demo.url, demo.keyFile);
  const ask = async (where: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(new URL(where, demo.url), { headers })).json()) as {
      items: { id: string; school?: string; seen?: number | null }[];
    };
  };
  const { items } = await ask('/v1/robots');
  expect(items).toHaveLength(30);
  expect((await ask('/v1/schools')).items).toHaveLength(4);
  for (let n = 0; n < 400; n++) {
    if ((await demo.rig.swarm.look()).connected === 30) break;
    await delay(clock, 50);
  }
  expect((await demo.rig.swarm.look()).connected).toBe(30);
  const store = demo.rig.service?.store;
  const usage = await store?.intake.records({ kind: 'usage', limit: 5_000 });
  expect(usage?.length).toBeGreaterThan(1_000);
  expect(await demo.rig.stop()).toMatchObject({ lost: 0, doubled: 0 });
  expect(demo.rig.swarm.pids.every((pid) => pid !== undefined && !isAlive(pid))).toBe(true);
}, 120_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** From the pupil's press to the first picture through a relay, measured by `make field`'s rig. */

import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../agent/pages/testing/project-root.ts';
import { jsonOf } from '../../hal/common/json.ts';
import { type Result, result } from './result.ts';

const ROUNDS = 5;

const FIGURES = {
  'turn-udp': { metric: 'first_frame_turn_udp', limitMs: 1_500 },
  tls443: { metric: 'first_frame_tls443', limitMs: 4_000 },
} as const;
type CaseName = keyof typeof FIGURES;

const Said = z.looseObject({
  cases: z.array(
    z.looseObject({
      name: z.string(),
      passed: z.boolean(),
      firstPictureMs: z.number().optional(),
      troubles: z.array(z.string()),
    }),
  ),
});
type Said = z.infer<typeof Said>;

/** Logs why there are none: it needs root, and namespaces. */
export async function fieldFigures(log: (line: string) => void): Promise<Result[]> {
  const metrics = Object.values(FIGURES).map(({ metric }) => metric);
  const missing = (why: string): Result[] => {
    log(`no ${metrics.join(', ')}: ${why}`);
    return [];
  };
  if (process.getuid?.() !== 0) return missing('the rig of make field takes root');
  const root = projectRoot();
  const { status, stderr } = spawnSync('bash', ['scripts/need.sh', 'field', 'chromium'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) return missing(stderr.trim());
  const { out, error } = await runRig(root);
  const said = parse(out);
  if (!said) return missing(error.trim() || lastLine(out));
  return (Object.keys(FIGURES) as CaseName[]).flatMap((name) => figure(name, said, log));
}

/** A picture over another path than the case's expected one does not count. */
function figure(name: CaseName, { cases }: Said, log: (line: string) => void): Result[] {
  const { metric, limitMs } = FIGURES[name];
  const rows = cases.filter((row) => row.name === name);
  const values = rows.flatMap(({ firstPictureMs, troubles }) =>
    firstPictureMs === undefined || troubles.some((one) => one.startsWith('expected'))
      ? []
      : [firstPictureMs],
  );
  for (const { passed, troubles } of rows) if (!passed) log(`${name}: ${troubles.join('; ')}`);
  if (values.length === 0) {
    log(`no ${metric}: no picture came by that way`);
    return [];
  }
  log(`${metric}: ${values.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  return [result(metric, 'ms', values, { limit: [limitMs] })];
}

function runRig(root: string): Promise<{ out: string; error: string }> {
  const only = Object.keys(FIGURES).join(',');
  const args = ['--only', only, '--browser', 'chromium', '--rounds', String(ROUNDS), '--json'];
  const child = spawn(process.execPath, [path.join(root, 'scripts/field/start.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', error: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    said.out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said.error += bytes.toString();
  });
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

function parse(out: string): Said | undefined {
  const line = out.split('\n').findLast((one) => one.startsWith('{'));
  return Said.safeParse(jsonOf(line ?? '')).data;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

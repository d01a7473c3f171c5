import path from 'node:path';
import * as esbuild from 'esbuild';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';
import { Child } from './child.ts';
import type { Sender } from './sender.ts';

/** The agent's own sending code in a Node process of its own. */
export async function oursSender(): Promise<Sender> {
  const root = projectRoot();
  // Below node_modules, so that the process finds @roamhq/wrtc.
  const program = path.join(root, 'node_modules/.cache/deskmate/latency-sender.mjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'scripts/bench/latency/ours-process.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return {
    name: 'deskmate',
    start: async (pupil, size, periodMs) => {
      const child = new Child(process.execPath, [program]);
      try {
        child.tell({ offer: await pupil.offer(), size, periodMs });
        await pupil.accept(await child.next('answer'));
      } catch (error) {
        await child.end();
        throw error;
      }
      return { pid: child.pid, stop: () => child.end() };
    },
    close: async () => {},
  };
}

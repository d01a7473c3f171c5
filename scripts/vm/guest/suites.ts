/** Inside the VM: runs the requested suites in one process, one file after the other. */
import { suites } from 'vm-suites';
import type { TestResult } from '../wire.ts';
import { isSelected, Port } from './inside.ts';
import { measureIo } from './io.ts';
import { runSuite } from './runner.ts';

/** A suite of a dozen tests that each wait for real time, on an emulated processor. */
const SUITE_LIMIT_S = 120;

async function main([only = '']: readonly string[]): Promise<void> {
  const port = new Port();
  let failed = false;
  const onResult = (result: TestResult): void => {
    failed ||= result.state === 'fail';
    port.tell(result);
  };
  for (const [file, load] of Object.entries(suites)) {
    if (only === 'io' || !isSelected(file, only)) continue;
    port.tell({ kind: 'phase', name: file, limitS: SUITE_LIMIT_S });
    await runSuite(file, load, onResult);
  }
  if (isSelected('io', only)) {
    port.tell({ kind: 'phase', name: 'io', limitS: 60 });
    await measureIo(port);
  }
  // Add-ons may hold the event loop; all output has been written.
  process.exit(failed ? 1 : 0);
}

// What Vitest's own worker would have set up for `expect.poll`.
Object.assign(globalThis, { __vitest_worker__: { config: { expect: {} } } });
void main(process.argv.slice(2));

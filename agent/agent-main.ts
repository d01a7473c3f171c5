/** The agent process: `node agent.js --config FILE [--defaults FILE]`. */
import { openAgent, openLogSink } from './compose.ts';
import { loadConfig } from './config.ts';
import { runProcess } from './process/run-process.ts';

runProcess({
  name: 'agent',
  load: loadConfig,
  logFields: ({ robot }) => ({ robot }),
  openLogSink,
  open: openAgent,
});

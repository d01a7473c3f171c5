/**
 * The media process: `node media.js --config FILE [--defaults FILE]`. Camera, sound and WebRTC; no
 * keys and no broker.
 */
import { runProcess } from '../process/run-process.ts';
import { openLogSink, openMediaProcess } from './compose.ts';
import { loadMediaConfig } from './config.ts';

runProcess({
  name: 'media',
  load: loadMediaConfig,
  logFields: () => ({}),
  openLogSink,
  open: openMediaProcess,
});

/** The station's main: prints its address, an invitation, its camera and sound. */
import path from 'node:path';
import { onlyHere } from '../../agent/host/invitations.ts';
import { ConsoleLines, inSeconds, opening, runUntilStopped } from '../../agent/host/run.ts';
import type { DeviceNow, StationStatus } from '../../agent/pages/station/messages.ts';
import { terminalQr } from '../deskmate/command/terminal-qr.ts';
import { openStation, type RunningStation } from './compose.ts';
import { readStationOptions } from './options.ts';

interface StationStart {
  /** The checkout: dist/ and scripts/ lie in it. */
  readonly root: string;
  /** Milliseconds since the command was started, to print the total start time. */
  readonly startedAgoMs: number;
}

/** Runs until stopped. Resolves with the exit code. */
export async function runStation(argv: string[], start: StationStart): Promise<number> {
  const from = performance.now() - start.startedAgoMs;
  const lines = new ConsoleLines(process.stdout);
  const places = {
    dist: path.join(start.root, 'dist'),
    scripts: path.join(start.root, 'scripts'),
  };
  const open = (): Promise<RunningStation> => {
    const options = readStationOptions(argv, process.env, start.root);
    lines.begin('station');
    return openStation(options, places, ({ process: name, text }) => {
      lines.line(`  ${name}: ${text}`);
    });
  };
  return runUntilStopped(lines, open, (station) => announce(station, lines, from));
}

async function announce(station: RunningStation, lines: ConsoleLines, from: number): Promise<void> {
  const { trouble, invitation } = await opening(station);
  const status = await station.status();
  if (station.stopping) return;
  lines.done(trouble ? 'not ready' : 'ready');
  if (trouble) lines.line(`  ${trouble}. Its words are in ${station.logs}`);
  lines.line('');
  if (process.stdout.isTTY && invitation.startsWith('http') && !onlyHere(invitation))
    for (const line of terminalQr(invitation, !process.env.NO_COLOR)) lines.line(`  ${line}`);
  lines.line(`  Open    ${station.url}`);
  lines.line(`  Invite  ${invitation}`);
  lines.line('');
  for (const line of deviceLines(status)) lines.line(`  ${line}`);
  for (const note of [...station.notes, ...notesOn(status)]) lines.line(`  ${note}`);
  lines.line(`  Started in ${inSeconds(performance.now() - from)}. Ctrl-C ends it.`);
}

function deviceLines({ camera, sound }: StationStatus): string[] {
  return [...lineOf('Camera', camera), ...lineOf('Sound', sound)];
}

/** One line for each problem, or one line that there is none. */
function lineOf(name: string, { state, said }: DeviceNow): string[] {
  const label = name.padEnd(7);
  if (said.length === 0) return [`${label} ${state}`];
  return said.map(({ en: { what, todo } }) => `${label} ${what}${todo && ` ${todo}`}`);
}

function notesOn({ open }: StationStatus): string[] {
  if (!open) return [];
  return [
    'Pupils’ browsers warn once that nobody vouches for this computer: “Advanced”, then continue.',
    'The page above opens on this computer only; others reach the pupil’s page alone.',
  ];
}

import type { AgentStatus } from '../../../agent/access/admin-client.ts';
import type { Health } from '../../../agent/access/admin-protocol.ts';
import { withAgent } from '../agent-door.ts';
import { type Translate, translator } from '../language.ts';
import { painted, type Terminal } from '../terminal.ts';
import type { Verb } from '../verb.ts';
import { type CommandWords, commandWords } from '../words.ts';

type Say = Translate<CommandWords>;
type Row = readonly [what: string, value: string, well: boolean];

export const status: Verb = {
  name: 'status',
  usage: '[--json]',
  summary: {
    en: 'how the robot is doing now',
    nl: 'hoe het nu met de robot gaat',
    sv: 'hur roboten mår just nu',
  },
  flags: { json: { type: 'boolean' } },
  run: (call) =>
    withAgent(call, async (agent) => {
      const answer = await agent.status();
      const { terminal, flags, language } = call;
      if (flags.json) terminal.line(JSON.stringify(answer, null, 2));
      else tell(terminal, rowsOf(answer, translator(commandWords, language)));
    }),
};

function tell(terminal: Terminal, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, value, well] of rows)
    terminal.line(`  ${what.padEnd(width)}   ${well ? value : painted(terminal, 'red', value)}`);
}

/** What people want to know, most wanted first. Exported for tests. */
export function rowsOf(status: AgentStatus, say: Say): Row[] {
  const { health, invitations } = status;
  const open = invitations.filter(({ state }) => state === 'open').length;
  const device = (what: string, one: Health['camera']): Row => [
    what,
    deviceWords(one, say),
    one.state !== 'fault',
  ];
  return [
    [say('statusRobot'), status.robot, true],
    [say('statusSession'), phaseWords(status.phase, say), true],
    [say('statusBroker'), say(health.broker ? 'connected' : 'notConnected'), health.broker],
    device(say('statusCamera'), health.camera),
    device(say('statusMicrophone'), health.microphone),
    device(say('statusSpeaker'), health.speaker),
    ...bodyRows(health.body, say),
    [say('statusDevices'), String(status.devices), true],
    [say('statusInvitations'), String(open), true],
  ];
}

function phaseWords(phase: string, say: Say): string {
  if (phase === 'asleep') return say('phaseAsleep');
  if (phase === 'paused') return say('phasePaused');
  return say(phase === 'live' ? 'phaseLive' : 'phaseOther');
}

function deviceWords({ present, state, why }: Health['camera'], say: Say): string {
  if (!present) return say('deviceAbsent');
  if (state === 'fault') return say('deviceFault', { why });
  if (state === 'waiting') return say('deviceWaiting');
  return say(state === 'running' ? 'deviceRunning' : 'deviceIdle');
}

function bodyRows(body: Health['body'], say: Say): Row[] {
  if (!body) return [[say('statusBody'), say('bodyAway'), false]];
  const { faults, battery } = body;
  const well = faults.length === 0;
  const percent = Math.round(battery.percent);
  return [
    [
      say('statusBody'),
      well ? say('bodyWell') : say('bodyFaults', { faults: faults.join(', ') }),
      well,
    ],
    [
      say('statusBattery'),
      say(battery.charging ? 'batteryCharging' : 'batteryPercent', { percent }),
      battery.level === 'good',
    ],
  ];
}

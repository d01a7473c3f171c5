/** What `deskmate status` tells, a line for each part of the robot. */
import type { AgentStatus } from '../../../agent/access/admin-client.ts';
import type { Health } from '../../../agent/access/admin-protocol.ts';
import type { NetworkState } from '../../../hal/ports/network.ts';
import { type Language, moment, type Translate, translator } from '../command/language.ts';
import { painted, type Terminal } from '../command/terminal.ts';
import { type CommandWords, commandWords } from '../command/words.ts';
import { ofRadioBriefly } from '../doctor/checks/radio.ts';
import { sentence } from '../doctor/tell.ts';

type Say = Translate<CommandWords>;
type Row = readonly [what: string, value: string, well: boolean];

export function tellRows(terminal: Terminal, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, value, well] of rows)
    terminal.line(`  ${what.padEnd(width)}   ${well ? value : painted(terminal, 'red', value)}`);
}

/** Most important first. */
export function rowsOf(status: AgentStatus, network: NetworkState, language: Language): Row[] {
  const say = translator(commandWords, language);
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
    brokerRow(health, say),
    ...radioRows(network, say, language),
    device(say('statusCamera'), health.camera),
    device(say('statusMicrophone'), health.microphone),
    device(say('statusSpeaker'), health.speaker),
    ...bodyRows(health.body, say),
    [say('statusDevices'), String(status.devices), true],
    [say('statusInvitations'), String(open), true],
    ...timeRows(health.time, say, language),
    ...agentRows(health.faults ?? [], say),
  ];
}

/** Network problems on the path to the broker, which may be connected all the same. */
function brokerRow({ broker, brokerTrouble }: Health, say: Say): Row {
  const connected = say(broker ? 'connected' : 'notConnected');
  if (!brokerTrouble) return [say('statusBroker'), connected, broker];
  const why = BROKER_WORDS[brokerTrouble.kind];
  return [say('statusBroker'), `${connected}: ${why ? say(why) : brokerTrouble.why}`, false];
}

const BROKER_WORDS: Readonly<
  Record<string, Extract<keyof CommandWords, `broker${string}`> | undefined>
> = {
  unreachable: 'brokerUnreachable',
  tls: 'brokerTls',
  silent: 'brokerSilent',
  credentials: 'brokerCredentials',
  clientId: 'brokerClientId',
  version: 'brokerVersion',
  refused: 'brokerRefused',
  subscription: 'brokerSubscription',
  session: 'brokerSession',
  strange: 'brokerStrange',
  lost: 'brokerLost',
};

const TIME_WORDS = {
  ntp: 'timeNtp',
  fleet: 'timeFleet',
  pupils: 'timePupils',
  pupil: 'timePupil',
  system: 'timeSystem',
} as const;

function timeRows(time: Health['time'], say: Say, language: Language): Row[] {
  if (!time) return [];
  const { wallMs, trust, source } = time;
  const words = trust === 'lent' ? 'timeLent' : TIME_WORDS[source];
  const known = trust === 'agreed' || trust === 'sure';
  return [[say('statusTime'), say(words, { time: moment(wallMs, language) }), known]];
}

/** Problems with the agent's own files; empty if there are none. */
function agentRows(faults: readonly string[], say: Say): Row[] {
  const rows: Row[] = [];
  if (faults.includes('accessClosed')) rows.push([say('statusAccess'), say('accessClosed'), false]);
  if (faults.includes('guestsLost')) rows.push([say('statusAccess'), say('guestsLost'), false]);
  if (faults.includes('storage')) rows.push([say('statusDisk'), say('diskRefuses'), false]);
  return rows;
}

function phaseWords(phase: string, say: Say): string {
  if (phase === 'asleep') return say('phaseAsleep');
  if (phase === 'paused') return say('phasePaused');
  return say(phase === 'live' ? 'phaseLive' : 'phaseOther');
}

function radioRows(network: NetworkState, say: Say, language: Language): Row[] {
  const { wifi, modem } = ofRadioBriefly(network);
  return [
    [say('statusWifi'), sentence(wifi, language).what, wifi.verdict === 'ok'],
    [say('statusModem'), sentence(modem, language).what, modem.verdict === 'ok'],
  ];
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

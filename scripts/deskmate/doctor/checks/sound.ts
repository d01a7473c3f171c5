import type { SoundWiring } from '../../../../hal/boards/board.ts';
import {
  judgePcm,
  namesOf,
  type PcmDevice,
  parseAlsaDevices,
} from '../../../../hal/linux/sound/alsa-devices.ts';
import type { Finding, Subject } from '../check.ts';
import { checkOfPart, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';
import { elementsFinding } from './elements.ts';

/** Elements of the pipeline (hal/linux/sound/pipeline.ts). */
const COMMON = [
  ...['webrtcdsp', 'webrtcechoprobe', 'interaudiosrc', 'audiobuffersplit'],
  ...['rawaudioparse', 'audioconvert', 'audioresample'],
];

export const sound = checkOfPart('sound', 8_000, async (machine, wiring, subject) => {
  const ends = wiring.system === 'alsa' ? ['alsasrc', 'alsasink'] : ['pulsesrc', 'pulsesink'];
  const [elements, devices] = await Promise.all([
    elementsFinding(machine, [...COMMON, ...ends]),
    wiring.system === 'alsa' ? ofAlsa(machine, wiring) : ofPipewire(machine, wiring),
  ]);
  return [...asAgentSays(subject), ...devices, elements];
});

function asAgentSays({ status }: Subject): Finding[] {
  if (!status) return [];
  const { microphone, speaker } = status.health;
  return [microphone, speaker].flatMap(({ state, why }) =>
    state === 'fault' ? [problem('soundFault', { why })] : [],
  );
}

type Way = 'input' | 'output';
const DIRECTION = { input: 'capture', output: 'playback' } as const;

async function ofAlsa(machine: HostProbe, wiring: SoundWiring): Promise<Finding[]> {
  const [pcm, cards] = await Promise.all(
    ['/proc/asound/pcm', '/proc/asound/cards'].map(async (file) => {
      const text = await machine.read(file);
      return text.ok ? text.text : '';
    }),
  );
  const devices = parseAlsaDevices(pcm ?? '', cards ?? '');
  if (devices.length === 0) return [problem('soundNoCards')];
  const nodes = (await machine.list('/dev/snd')).filter((name) => name.startsWith('pcm'));
  const allowed = await Promise.all(
    nodes.map((name) => machine.may(`/dev/snd/${name}`, 'readWrite')),
  );
  if (allowed.includes('no')) return [problem('soundDenied', { user: machine.user.name })];
  const configured = await isDefaultConfigured(machine);
  return bothWays((way) => ofPcm(wiring[way], way, devices, configured));
}

/** The name of a working source or sink, else its problem. */
type End = string | Finding;

async function bothWays(end: (way: Way) => End | Promise<End>): Promise<Finding[]> {
  const [input, output] = await Promise.all([end('input'), end('output')]);
  if (typeof input === 'string' && typeof output === 'string')
    return [ok('soundOk', { input, output })];
  return [input, output].flatMap((one) => (typeof one === 'string' ? [] : [one]));
}

function ofPcm(name: string, way: Way, devices: readonly PcmDevice[], configured: boolean): End {
  const direction = DIRECTION[way];
  const judged = judgePcm(name, direction, devices, configured);
  const names = namesOf(devices, direction);
  if (names.length === 0) return noneFor(way);
  const there = names.join(', ');
  const isIn = way === 'input';
  switch (judged.kind) {
    case 'there':
      return name === 'default' ? judged.device.name : `${name} (${judged.device.name})`;
    case 'unknown':
      return name;
    case 'firstLacks':
      return warning(isIn ? 'soundDefaultInput' : 'soundDefaultOutput', { name, there });
    case 'otherWay':
      return problem(isIn ? 'soundInputPlays' : 'soundOutputHears', { name, there });
    case 'missing':
      return problem(isIn ? 'soundInputMissing' : 'soundOutputMissing', { name, there });
  }
}

const noneFor = (way: Way): Finding => problem(way === 'input' ? 'soundNoInput' : 'soundNoOutput');

/** Files that define ALSA's `default`; without them it is the first card. */
async function isDefaultConfigured(machine: HostProbe): Promise<boolean> {
  const { HOME = '/root' } = machine.env;
  const own = ['/etc/asound.conf', `${HOME}/.asoundrc`, `${HOME}/.config/alsa/asoundrc`];
  const texts = await Promise.all(own.map((file) => machine.read(file)));
  if (texts.some((text) => text.ok)) return true;
  return (await machine.list('/etc/alsa/conf.d')).some((name) =>
    /pipewire|pulse|default/.test(name),
  );
}

/** By its PulseAudio interface, which the driver uses; PulseAudio itself is accepted too. */
async function ofPipewire(machine: HostProbe, wiring: SoundWiring): Promise<Finding[]> {
  const { PULSE_RUNTIME_PATH, XDG_RUNTIME_DIR } = machine.env;
  const folder = PULSE_RUNTIME_PATH ?? (XDG_RUNTIME_DIR && `${XDG_RUNTIME_DIR}/pulse`);
  const socket = folder ? await machine.may(`${folder}/native`, 'readWrite') : 'missing';
  if (socket !== 'yes') return [problem('soundNoPipewire', { user: machine.user.name })];
  const { code, out } = await machine.run('pactl', 'info');
  if (code === null) return [warning('soundUnknown')];
  if (code !== 0) return [problem('soundNoPipewire', { user: machine.user.name })];
  return bothWays((way) =>
    wiring[way] === 'default'
      ? (defaultOf(out, way === 'input' ? 'Source' : 'Sink') ?? noneFor(way))
      : ofNode(machine, wiring[way], way),
  );
}

/** `pactl list short sources`: number, name, driver, format and state, with tabs between. */
async function ofNode(machine: HostProbe, name: string, way: Way): Promise<End> {
  const { code, out } = await machine.run(
    ...(['pactl', 'list', 'short', way === 'input' ? 'sources' : 'sinks'] as const),
  );
  const names = out.split('\n').flatMap((line) => line.split('\t')[1] ?? []);
  if (code !== 0 || names.includes(name)) return name;
  const there = names.filter((one) => !one.endsWith('.monitor')).join(', ') || '-';
  return problem(way === 'input' ? 'soundInputMissing' : 'soundOutputMissing', { name, there });
}

/**
 * `Default Source: alsa_input.usb-...`. Without a microphone it is the monitor of a speaker, and
 * without any card the server's dummy.
 */
function defaultOf(text: string, what: 'Source' | 'Sink'): string | undefined {
  const name = new RegExp(`^Default ${what}: (\\S+)$`, 'm').exec(text)?.[1];
  return name && !/\.monitor$|^auto_null|^@DEFAULT_/.test(name) ? name : undefined;
}

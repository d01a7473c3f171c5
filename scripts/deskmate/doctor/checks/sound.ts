import type { SoundWiring } from '../../../../hal/boards/wiring.ts';
import { type Check, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { Machine } from '../machine.ts';
import { elementsFinding } from './elements.ts';

/** What the pipeline is made of (hal/linux/sound/pipeline.ts). */
const COMMON = [
  ...['webrtcdsp', 'webrtcechoprobe', 'interaudiosrc', 'audiobuffersplit'],
  ...['rawaudioparse', 'audioconvert', 'audioresample'],
];

export const sound: Check = {
  name: 'sound',
  withinMs: 8_000,
  async run(machine, subject) {
    const wiring = subject.board?.sound;
    if (!wiring) return subject.board ? [ok('notOnBoard')] : [];
    const ends = wiring.system === 'alsa' ? ['alsasrc', 'alsasink'] : ['pulsesrc', 'pulsesink'];
    const [elements, devices] = await Promise.all([
      elementsFinding(machine, [...COMMON, ...ends]),
      wiring.system === 'alsa' ? ofAlsa(machine, wiring) : ofPipewire(machine),
    ]);
    return [...asAgentSays(subject), ...devices, elements];
  },
};

function asAgentSays({ status }: Subject): Finding[] {
  if (!status) return [];
  const { microphone, speaker } = status.health;
  return [microphone, speaker].flatMap(({ state, why }) =>
    state === 'fault' ? [problem('soundFault', { why })] : [],
  );
}

/** /proc/asound/pcm: `00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1`. */
async function ofAlsa(machine: Machine, wiring: SoundWiring): Promise<Finding[]> {
  const pcm = await machine.read('/proc/asound/pcm');
  const lines = pcm.ok ? pcm.text.split('\n').filter((line) => line.includes(':')) : [];
  if (lines.length === 0) return [problem('soundNoCards')];
  const nodes = (await machine.list('/dev/snd')).filter((name) => name.startsWith('pcm'));
  const allowed = await Promise.all(
    nodes.map((name) => machine.may(`/dev/snd/${name}`, 'readWrite')),
  );
  if (allowed.includes('no')) return [problem('soundDenied', { user: machine.user.name })];
  const named = (way: 'capture' | 'playback'): string | undefined =>
    lines
      .find((line) => line.includes(way))
      ?.split(':')[1]
      ?.trim();
  const [input, output] = [named('capture'), named('playback')];
  const shown = (asked: string, found: string): string =>
    asked === 'default' ? found : `${asked} (${found})`;
  if (input && output)
    return [
      ok('soundOk', { input: shown(wiring.input, input), output: shown(wiring.output, output) }),
    ];
  return [
    ...(input ? [] : [problem('soundNoInput')]),
    ...(output ? [] : [problem('soundNoOutput')]),
  ];
}

/** By its PulseAudio interface, which is what the driver uses; PulseAudio itself will do too. */
async function ofPipewire(machine: Machine): Promise<Finding[]> {
  const { PULSE_RUNTIME_PATH, XDG_RUNTIME_DIR } = machine.env;
  const folder = PULSE_RUNTIME_PATH ?? (XDG_RUNTIME_DIR && `${XDG_RUNTIME_DIR}/pulse`);
  const socket = folder ? await machine.may(`${folder}/native`, 'readWrite') : 'missing';
  if (socket !== 'yes') return [problem('soundNoPipewire', { user: machine.user.name })];
  const { code, out } = await machine.run('pactl', 'info');
  if (code === null) return [warning('soundUnknown')];
  if (code !== 0) return [problem('soundNoPipewire', { user: machine.user.name })];
  const [input, output] = [defaultOf(out, 'Source'), defaultOf(out, 'Sink')];
  if (input && output) return [ok('soundOk', { input, output })];
  return [
    ...(input ? [] : [problem('soundNoInput')]),
    ...(output ? [] : [problem('soundNoOutput')]),
  ];
}

/**
 * `Default Source: alsa_input.usb-...`. Without a microphone it is the monitor of a speaker, and
 * without any card the server's dummy.
 */
function defaultOf(text: string, what: 'Source' | 'Sink'): string | undefined {
  const name = new RegExp(`^Default ${what}: (\\S+)$`, 'm').exec(text)?.[1];
  return name && !/\.monitor$|^auto_null|^@DEFAULT_/.test(name) ? name : undefined;
}

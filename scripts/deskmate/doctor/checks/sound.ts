import type { SoundWiring } from '../../../../hal/boards/wiring.ts';
import { type Check, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { Machine } from '../machine.ts';
import { elementsFinding } from './elements.ts';

const COMMON = ['webrtcdsp', 'webrtcechoprobe', 'audioconvert', 'audioresample'];

export const sound: Check = {
  name: 'sound',
  withinMs: 8_000,
  async run(machine, subject) {
    const wiring = subject.board?.sound;
    if (!wiring) return subject.board ? [ok('notOnBoard')] : [];
    const ends =
      wiring.system === 'alsa' ? ['alsasrc', 'alsasink'] : ['pipewiresrc', 'pipewiresink'];
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

async function ofPipewire(machine: Machine): Promise<Finding[]> {
  const folder = machine.env.PIPEWIRE_RUNTIME_DIR ?? machine.env.XDG_RUNTIME_DIR;
  const socket = folder ? await machine.may(`${folder}/pipewire-0`, 'readWrite') : 'missing';
  if (socket !== 'yes') return [problem('soundNoPipewire', { user: machine.user.name })];
  const [source, sink] = await Promise.all(
    ['@DEFAULT_AUDIO_SOURCE@', '@DEFAULT_AUDIO_SINK@'].map((node) =>
      machine.run('wpctl', 'inspect', node),
    ),
  );
  if (!source || !sink || source.code === null || sink.code === null)
    return [warning('soundUnknown')];
  const [input, output] = [nodeName(source.out), nodeName(sink.out)];
  if (input && output) return [ok('soundOk', { input, output })];
  return [
    ...(input ? [] : [problem('soundNoInput')]),
    ...(output ? [] : [problem('soundNoOutput')]),
  ];
}

/** `  * node.description = "Built-in Audio Analog Stereo"`; the dummy output is nobody's speaker. */
function nodeName(text: string): string | undefined {
  const name = /node\.description = "([^"]*)"/.exec(text)?.[1];
  return name === 'Dummy Output' ? undefined : name;
}

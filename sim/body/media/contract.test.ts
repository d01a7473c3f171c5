/** The promises of the media ports, kept by the simulated devices on simulated time. */
import { type CameraBench, cameraContract } from '../../../hal/contract/camera.ts';
import { microphoneContract } from '../../../hal/contract/microphone.ts';
import { speakerContract } from '../../../hal/contract/speaker.ts';
import { EchoPath, RoomSound } from '../../classroom/acoustics.ts';
import { Classroom } from '../../classroom/scene.ts';
import { loadSpeech, speechFolder } from '../../classroom/speech-track.ts';
import { SimClock } from '../../time/sim-clock.ts';
import { MemoryWorldPort } from '../../world/memory-port.ts';
import type { FaultName, SwitchName } from '../../world/schema.ts';
import { World } from '../../world/world.ts';
import { SimulatedCamera } from './camera.ts';
import { InThreadFrames } from './camera-frames.ts';
import { SimulatedMicrophone } from './microphone.ts';
import { SimulatedSpeaker } from './speaker.ts';

// Painting the room takes a while, and it is the same for all.
const room = new Classroom();
const speech = loadSpeech(speechFolder());

async function openWorld(on: SwitchName, unplugged: FaultName) {
  const clock = new SimClock();
  const world = new World({ clock, seed: 7 });
  world.start();
  const port = new MemoryWorldPort(world);
  const power = async (up: boolean): Promise<void> => {
    await port.send({ kind: 'switch', name: on, on: up });
  };
  await power(true);
  return {
    clock,
    port,
    power,
    plug: async (inserted: boolean) => {
      await port.send({ kind: 'fault', name: unplugged, on: !inserted });
    },
    pass: (ms: number) => clock.advance(ms),
    now: () => clock.now(),
    end: async () => {
      world.stop();
      await port.close();
    },
  };
}

cameraContract('simulated', async (): Promise<CameraBench> => {
  const bench = await openWorld('cameraRail', 'cameraUnplugged');
  const frames = new InThreadFrames(bench.clock, () => room);
  const camera = new SimulatedCamera(bench.port, frames);
  return { ...bench, camera, startMs: 50, close: () => camera.close().then(bench.end) };
});

microphoneContract('simulated', async () => {
  const bench = await openWorld('microphoneRail', 'microphoneUnplugged');
  const sound = new RoomSound(speech, new EchoPath());
  const microphone = new SimulatedMicrophone(bench.port, bench.clock, sound);
  return { ...bench, microphone, startMs: 20, close: () => microphone.stop().then(bench.end) };
});

/** Hears what the speaker plays into the room. */
class Ear extends EchoPath {
  ms = 0;
  loudest = 0;

  override play(first: number, samples: Int16Array, gain: number): void {
    super.play(first, samples, gain);
    this.ms += samples.length / 48;
    for (const sample of samples)
      this.loudest = Math.max(this.loudest, (Math.abs(sample) * gain) / 32768);
  }
}

speakerContract('simulated', async () => {
  const bench = await openWorld('amplifier', 'speakerUnplugged');
  const ear = new Ear();
  const speaker = new SimulatedSpeaker(bench.port, bench.clock, ear);
  const heard = (): { ms: number; loudest: number } => {
    const { ms, loudest } = ear;
    ear.loudest = 0;
    return { ms, loudest };
  };
  return { ...bench, speaker, heard, startMs: 20, close: () => speaker.stop().then(bench.end) };
});

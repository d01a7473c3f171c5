/** Camera, sound, I2C and GPIO on the way between devices and the processes. */
import type { Bench } from './result.ts';

export const ioBench: Bench = async (options) => {
  const parts: readonly (() => Promise<Bench>)[] = [
    async () => (await import('./io-bus.ts')).ioBusBench,
    async () => (await import('./io-kernel.ts')).ioKernelBench,
    async () => (await import('./io-camera.ts')).ioCameraBench,
    async () => (await import('./io-sound.ts')).ioSoundBench,
  ];
  const results = [];
  for (const load of parts) results.push(...(await (await load())(options)));
  return results;
};

/**
 * Processor time to draw one frame of the simulated camera: encoding needs the rest of the 33 ms.
 * Not wall-clock time, which on a busy machine depends on other processes.
 */
import { frameBytes, Renderer } from '../../sim/classroom/render.ts';
import { Classroom } from '../../sim/classroom/scene.ts';
import { type Bench, type Result, result } from './result.ts';

const SIZES = [
  { name: '480p', width: 640, height: 480, budgetMs: 6 },
  { name: '720p', width: 1280, height: 720, budgetMs: 16 },
] as const;
const WARM_UP_FRAMES = 30;
const FRAMES = 150;
/** Views all over the room, so that no single one decides. */
const DEG_PER_FRAME = 2.3;

export const renderBench: Bench = async ({ log }) => {
  const beforeMs = performance.now();
  const room = new Classroom();
  log(`painting the room took ${(performance.now() - beforeMs).toFixed(0)} ms`);
  return SIZES.map((size) => measure(room, size));
};

function measure(room: Classroom, size: (typeof SIZES)[number]): Result {
  const renderer = new Renderer(size, room.store);
  const out = new Uint8Array(frameBytes(size));
  const times: number[] = [];
  for (let frame = -WARM_UP_FRAMES; frame < FRAMES; frame++) {
    const panDeg = (((frame + WARM_UP_FRAMES) * DEG_PER_FRAME) % 350) - 175;
    const before = process.cpuUsage();
    const surfaces = room.surfacesAt({ sceneMs: frame * 33, wallMs: 0 });
    renderer.render(out, surfaces, { panDeg, tiltDeg: -3, panDegPerS: 69, tiltDegPerS: 0 });
    const { user, system } = process.cpuUsage(before);
    if (frame >= 0) times.push((user + system) / 1_000);
  }
  return result(`render_${size.name}`, 'ms', times, { budget: [size.budgetMs] });
}

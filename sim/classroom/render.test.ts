import { describe, expect, it } from 'vitest';
import { frameBytes, Renderer } from './render.ts';
import { Classroom, landmarks, project } from './scene.ts';

const room = new Classroom();
const moment = { sceneMs: 5_000, wallMs: Date.UTC(2026, 0, 12, 9, 0, 0) };
const vga = { width: 640, height: 480 };
const hd = { width: 1280, height: 720 };

function still(panDeg: number, tiltDeg: number) {
  return { panDeg, tiltDeg, panDegPerS: 0, tiltDegPerS: 0 };
}

function draw(size: typeof vga, motion = still(0, 0), at = moment): Uint8Array {
  const out = new Uint8Array(frameBytes(size));
  new Renderer(size, room.store).render(out, room.surfacesAt(at), motion);
  return out;
}

/** Chroma (u, v around 0) that only the posters have. */
const POSTER_CHROMA: Record<string, (u: number, v: number) => boolean> = {
  red: (u, v) => v > 60 && u < 0,
  green: (u, v) => v < -22 && u < -12,
  blue: (u, v) => u > 50 && v < 0,
  yellow: (u, v) => u < -60 && v > 0,
};

/** The middle of all pixels of a poster's colour. */
function centroid(frame: Uint8Array, size: typeof vga, colour: string) {
  const [columns, rows] = [size.width / 2, size.height / 2];
  const u = frame.subarray(size.width * size.height);
  const v = u.subarray(columns * rows);
  let [count, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = y * columns + x;
      if (!POSTER_CHROMA[colour]?.((u[at] ?? 128) - 128, (v[at] ?? 128) - 128)) continue;
      count += 1;
      sumX += 2 * x + 1;
      sumY += 2 * y + 1;
    }
  return { count, x: sumX / count, y: sumY / count };
}

/** A flat thing's middle in the picture is not the picture of its middle: average over its face. */
function projectedFace(
  colour: keyof typeof landmarks.posters,
  pose: ReturnType<typeof still>,
  size: typeof vga,
) {
  const poster = landmarks.posters[colour];
  const upright = poster.wall === 'front' || poster.wall === 'back' ? 'y' : 'x';
  let [weight, x, y] = [0, 0, 0];
  const N = 24;
  const at = (i: number, j: number) => {
    const sideways = (i / N - 0.5) * poster.widthM;
    const point = { ...poster.centre, z: poster.centre.z + (j / N - 0.5) * poster.heightM };
    point[upright] += sideways;
    const pixel = project(point, pose, size);
    if (!pixel) throw new Error(`the ${colour} poster is outside of the picture`);
    return pixel;
  };
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      const [a, b, c] = [at(i, j), at(i + 1, j), at(i, j + 1)];
      const area = Math.abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
      const middle = at(i + 0.5, j + 0.5);
      weight += area;
      x += middle.x * area;
      y += middle.y * area;
    }
  return { x: x / weight, y: y / weight };
}

describe('the picture of the classroom', () => {
  const looks = [
    ['yellow', 25, 5],
    ['yellow', 55, -2],
    ['yellow', 44, 20],
    ['blue', 70, 0],
    ['blue', 100, 8],
    ['red', -55, 3],
    ['red', -95, -5],
    ['green', 150, 4],
    ['green', 175, 10],
  ] as const;

  it.each(looks)(
    'shows the %s poster where the scene says at pan %d, tilt %d',
    (colour, pan, tilt) => {
      for (const size of [vga, hd]) {
        const pose = still(pan, tilt);
        const seen = centroid(draw(size, pose), size, colour);
        const said = projectedFace(colour, pose, size);
        expect(seen.count).toBeGreaterThan(200);
        expect(Math.hypot(seen.x - said.x, seen.y - said.y)).toBeLessThan(2);
      }
    },
  );

  it('is the same for the same pose and moment, and another for another', () => {
    const frame = draw(vga);
    const same = (other: Uint8Array): boolean => Buffer.compare(other, frame) === 0;
    expect(same(draw(vga))).toBe(true);
    expect(same(draw(vga, still(1, 0)))).toBe(false);
    expect(same(draw(vga, still(0, 0), { ...moment, sceneMs: 5_500 }))).toBe(false);
  });

  it('shows the wall time', () => {
    const later = { ...moment, wallMs: moment.wallMs + 15 * 60_000 };
    const before = draw(hd);
    const after = draw(hd, still(0, 0), later);
    const changed: { x: number; y: number }[] = [];
    for (let at = 0; at < hd.width * hd.height; at++)
      if (Math.abs((before[at] ?? 0) - (after[at] ?? 0)) > 40)
        changed.push({ x: at % hd.width, y: Math.floor(at / hd.width) });
    const clock = project(landmarks.clock, still(0, 0), hd);
    expect(changed.length).toBeGreaterThan(20);
    for (const { x, y } of changed)
      expect(Math.hypot(x - (clock?.x ?? 0), y - (clock?.y ?? 0))).toBeLessThan(45);
  });

  it('leaves no pixel unpainted at any pose, at odd sizes too', () => {
    for (const size of [
      { width: 322, height: 182 },
      { width: 160, height: 120 },
    ])
      for (let pan = -175; pan <= 175; pan += 25)
        for (const tilt of [-25, 0, 30]) {
          const luma = draw(size, still(pan, tilt)).subarray(0, size.width * size.height);
          expect(luma.includes(0)).toBe(false);
        }
  });

  it('skews upright edges while the head pans, as a rolling shutter does', () => {
    const moving = { ...still(25, 0), panDegPerS: 180 };
    const top = centroid(draw(hd, { ...still(25, 0) }), hd, 'yellow');
    const skewed = centroid(draw(hd, moving), hd, 'yellow');
    // The poster is in the upper half: exposed before the middle row, while the head was more right.
    expect(Math.abs(skewed.x - top.x)).toBeGreaterThan(3);
  });

  it('has dark writing on a bright board where the corners say', () => {
    const frame = draw(hd, still(0, 12));
    const corners = landmarks.board.corners.map((corner) => project(corner, still(0, 12), hd));
    const middle = project(landmarks.board.centre, still(0, 12), hd);
    expect(corners).not.toContain(undefined);
    for (const corner of corners) {
      if (!corner || !middle) continue;
      const towards = Math.hypot(middle.x - corner.x, middle.y - corner.y);
      const step = (by: number) => {
        const x = Math.round(corner.x + ((middle.x - corner.x) / towards) * by);
        const y = Math.round(corner.y + ((middle.y - corner.y) / towards) * by);
        return frame[y * hd.width + x] ?? 0;
      };
      expect(step(14)).toBeGreaterThan(195);
      expect(step(-5)).toBeLessThan(150);
    }
  });
});

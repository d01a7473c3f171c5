/**
 * The classroom as data: what stands where at a moment. The renderer draws it, the acoustics ask it
 * where the teacher is, tests ask it what the picture must show.
 */
import type { VideoSize } from '../../hal/ports/media.ts';
import { DESKS, furniture, furnitureSheets } from './furniture.ts';
import { type Pixel, projectRay, simulatedLens } from './lens.ts';
import { boardSheet, FRAME_M } from './paint/board-sheet.ts';
import type { Canvas } from './paint/canvas.ts';
import { blankTablet, codeTablet } from './paint/code-sheet.ts';
import {
  clockSheet,
  HAND_MARGIN_M,
  HANDS,
  type HandName,
  handSheet,
  posterSheet,
} from './paint/room-sheets.ts';
import { shellSheets } from './paint/shell-sheets.ts';
import { type Group, peopleAt, peopleSheets } from './people.ts';
import { held, onWall, type PlacedSheet, type Surface, shellSurfaces } from './place.ts';
import { cameraFrame, type HeadPose, toCamera, type Vec3 } from './plan/pose.ts';
import { BOARD, CLOCK, cornersOf, POSTERS, type PosterColour, rightwards } from './plan/room.ts';
import { type Hold, handHold, tabletBefore } from './tablet.ts';
import { teacherAt } from './teacher.ts';
import { repaintTexture, storeTextures, type TextureStore } from './texture.ts';

/** What the scene depends on, besides nothing. */
interface SceneMoment {
  /** Monotonic milliseconds: people and sounds move by it. */
  readonly sceneMs: number;
  /** Wall time for the clock, milliseconds since 1970. */
  readonly wallMs: number;
  /** A code on a tablet that is held before the lens of a head in that pose. */
  readonly tablet?: {
    readonly text: string;
    readonly pose: HeadPose;
    /** By a hand, if absent. */
    readonly hold?: Hold;
  };
}

const POSTER_COLOURS: readonly PosterColour[] = ['red', 'green', 'blue', 'yellow'];

/** Where things are that people and tests look for. */
export const landmarks = {
  board: {
    centre: BOARD.centre,
    /** Of the writing surface: top left, top right, bottom right, bottom left. */
    corners: cornersOf(BOARD),
  },
  posters: POSTERS,
  clock: CLOCK.centre,
  /** The teacher's mouth. */
  teacher: (sceneMs: number): Vec3 => teacherAt(sceneMs).mouth,
} as const;

/** Where in the picture the point is seen; undefined behind the camera or outside of the picture. */
export function project(point: Vec3, pose: HeadPose, size: VideoSize): Pixel | undefined {
  const seen = toCamera(point, cameraFrame(pose));
  if (seen.z <= 0) return undefined;
  const pixel = projectRay(simulatedLens, { x: seen.x / seen.z, y: seen.y / seen.z }, size);
  if (!pixel || pixel.x < 0 || pixel.y < 0) return undefined;
  return pixel.x <= size.width && pixel.y <= size.height ? pixel : undefined;
}

interface TexturedGroup {
  readonly distanceM: number;
  readonly parts: readonly Surface[];
}

export class Classroom {
  readonly store: TextureStore;
  private readonly desks: readonly TexturedGroup[];
  private readonly walls: readonly Surface[];
  /** What the tablet shows. */
  private shown = '';

  /** Paints all pictures: takes some tenths of a second. */
  constructor() {
    this.store = storeTextures(paintSheets());
    this.desks = furniture().map((group) => this.texturedGroup(group));
    this.walls = [...hangings(), ...shellSurfaces()].map((placed) => this.textured(placed));
  }

  /** All that is to be seen, from near to far. */
  surfacesAt(moment: SceneMoment): Surface[] {
    const people = peopleAt(moment.sceneMs).map((group) => this.texturedGroup(group));
    const standing = [...this.desks, ...people].sort((a, b) => a.distanceM - b.distanceM);
    const hands = clockHands(moment.wallMs).map((placed) => this.textured(placed));
    const near = moment.tablet ? [this.tablet(moment.tablet, moment.sceneMs)] : [];
    return [...near, ...standing.flatMap((group) => group.parts), ...hands, ...this.walls];
  }

  private tablet(
    { text, pose, hold }: NonNullable<SceneMoment['tablet']>,
    sceneMs: number,
  ): Surface {
    if (text !== this.shown) repaintTexture(this.store, 'tablet', codeTablet(text));
    this.shown = text;
    return this.textured(tabletBefore(pose, hold ?? handHold(sceneMs)));
  }

  private texturedGroup({ distanceM, parts }: Group): TexturedGroup {
    return { distanceM, parts: parts.map((placed) => this.textured(placed)) };
  }

  private textured(placed: PlacedSheet): Surface {
    const texture = this.store.textures.get(placed.sheet);
    if (!texture) throw new Error(`the classroom has no picture "${placed.sheet}"`);
    return { ...placed, texture };
  }
}

function paintSheets(): Map<string, Canvas> {
  const sheets = new Map([...shellSheets(DESKS), ...furnitureSheets(), ...peopleSheets()]);
  sheets.set('tablet', blankTablet());
  sheets.set('board', boardSheet());
  for (const colour of POSTER_COLOURS) sheets.set(`poster-${colour}`, posterSheet(colour));
  sheets.set('clock', clockSheet());
  for (const hand of ['hour', 'minute', 'second'] as const)
    sheets.set(`hand-${hand}`, handSheet(hand));
  return sheets;
}

/** What hangs on walls never overlaps, so the order does not matter. */
function hangings(): PlacedSheet[] {
  const framed = {
    ...BOARD,
    widthM: BOARD.widthM + 2 * FRAME_M,
    heightM: BOARD.heightM + 2 * FRAME_M,
  };
  return [
    onWall('board', framed),
    onWall('clock', CLOCK),
    ...POSTER_COLOURS.map((colour) => onWall(`poster-${colour}`, POSTERS[colour])),
  ];
}

function clockHands(wallMs: number): PlacedSheet[] {
  const time = new Date(wallMs);
  const second = time.getSeconds();
  const minute = time.getMinutes() + second / 60;
  const hour = (time.getHours() % 12) + minute / 60;
  const hand = (name: HandName, turns: number): PlacedSheet => {
    const { lengthM } = HANDS[name];
    const part = {
      widthM: 2 * HAND_MARGIN_M,
      heightM: lengthM + 2 * HAND_MARGIN_M,
      pivot: { x: HAND_MARGIN_M, y: lengthM + HAND_MARGIN_M },
    };
    return held(`hand-${name}`, part, CLOCK.centre, rightwards(CLOCK.wall), turns * 360);
  };
  return [hand('second', second / 60), hand('minute', minute / 60), hand('hour', hour / 12)];
}

/** Where the robot stands: a pupil's desk, and behind it a classroom out of focus. */
import {
  BackSide,
  BoxGeometry,
  CircleGeometry,
  CylinderGeometry,
  ExtrudeGeometry,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  RepeatWrapping,
  Shape,
  type Texture,
} from 'three';
import { painted } from './shapes.ts';

export type Daylight = 'day' | 'evening';

const WIDTH = 2048;
const HEIGHT = 640;
/** Out of focus anyway: painted small, softened once, and magnified by the graphics. */
const SHARE = 0.5;
const BLUR_PX = 4;

export function room(daylight: Daylight): Group {
  const group = new Group();
  group.add(wall(daylight), desk(), contactShadow(), notebook(), pencil());
  return group;
}

/** All around, so that there is a room on whatever side one looks from. */
function wall(daylight: Daylight): Mesh {
  const [width, height] = [WIDTH * SHARE, HEIGHT * SHARE];
  const sharp = painted(width, height, (context) => {
    context.scale(SHARE, SHARE);
    paintWall(context, daylight);
  });
  const map = painted(width, height, (context) => {
    context.filter = `blur(${BLUR_PX}px)`;
    // A little larger than it is: the blur would draw in nothing at the edges.
    context.drawImage(sharp.image, -2, -2, width + 4, height + 4);
  });
  map.wrapS = RepeatWrapping;
  map.repeat.x = -1; // Seen from inside: letters would be mirrored.
  const material = new MeshBasicMaterial({ map, side: BackSide, toneMapped: false });
  const mesh = new Mesh(new CylinderGeometry(9, 9, 9, 64, 1, true), material);
  mesh.position.y = 1.1;
  mesh.rotation.y = Math.PI + 0.5;
  return mesh;
}

function desk(): Mesh {
  const shape = new Shape();
  const [w, d, r] = [2.1, 1.25, 0.22];
  shape.moveTo(-w + r, -d);
  shape.lineTo(w - r, -d).quadraticCurveTo(w, -d, w, -d + r);
  shape.lineTo(w, d - r).quadraticCurveTo(w, d, w - r, d);
  shape.lineTo(-w + r, d).quadraticCurveTo(-w, d, -w, d - r);
  shape.lineTo(-w, -d + r).quadraticCurveTo(-w, -d, -w + r, -d);
  const slab = new ExtrudeGeometry(shape, {
    depth: 0.08,
    bevelSize: 0.02,
    bevelThickness: 0.02,
    bevelSegments: 3,
  });
  const map = wood();
  map.wrapS = map.wrapT = RepeatWrapping;
  map.repeat.set(0.24, 0.4);
  const mesh = new Mesh(slab, new MeshStandardMaterial({ map, roughness: 0.62 }));
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(0, -0.1, 0.05);
  return mesh;
}

function wood(): Texture {
  return painted(512, 256, (context) => {
    context.fillStyle = '#d9b98c';
    context.fillRect(0, 0, 512, 256);
    for (let i = 0; i < 90; i++) {
      // A fixed pattern that looks like chance: the same desk at every visit.
      const [y, tone] = [(i * 97) % 256, (i * 53) % 17];
      context.strokeStyle = `rgb(120 82 40 / ${2 + (tone % 6)}%)`;
      context.lineWidth = 1 + (tone % 4);
      context.beginPath();
      context.moveTo(0, y);
      context.bezierCurveTo(170, y + tone - 8, 340, y - tone + 8, 512, y);
      context.stroke();
    }
  });
}

/** Soft, and painted: real shadows would be rendered for every frame. */
function contactShadow(): Mesh {
  const map = painted(256, 256, (context) => {
    const fade = context.createRadialGradient(128, 128, 50, 128, 128, 128);
    fade.addColorStop(0, 'rgb(46 28 8 / 62%)');
    fade.addColorStop(0.45, 'rgb(46 28 8 / 26%)');
    fade.addColorStop(1, 'rgb(46 28 8 / 0%)');
    context.fillStyle = fade;
    context.fillRect(0, 0, 256, 256);
  });
  const material = new MeshBasicMaterial({ map, transparent: true, depthWrite: false });
  const mesh = new Mesh(new CircleGeometry(1.15, 48), material);
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(0.06, 0.004, 0.02);
  return mesh;
}

function notebook(): Group {
  const group = new Group();
  const cover = new MeshStandardMaterial({ color: 0x3f7f8f, roughness: 0.7 });
  const paper = new MeshStandardMaterial({ color: 0xfaf6ec, roughness: 0.9 });
  const sheet = (
    y: number,
    height: number,
    inset: number,
    material: MeshStandardMaterial,
  ): void => {
    const mesh = new Mesh(new BoxGeometry(0.78 - inset, height, 1.04 - inset), material);
    mesh.position.set(inset / 3, y, 0);
    group.add(mesh);
  };
  sheet(0.006, 0.012, 0, cover);
  sheet(0.03, 0.036, 0.03, paper);
  sheet(0.054, 0.012, 0, cover);
  group.position.set(-1.32, 0, 0.4);
  group.rotation.y = 0.28;
  return group;
}

function pencil(): Group {
  const group = new Group();
  const yellow = new MeshStandardMaterial({ color: 0xe8b23e, roughness: 0.5 });
  const tip = new MeshStandardMaterial({ color: 0xe7cfa6, roughness: 0.8 });
  const shaft = new Mesh(new CylinderGeometry(0.03, 0.03, 0.85, 6), yellow);
  const point = new Mesh(new CylinderGeometry(0.002, 0.03, 0.12, 6), tip);
  point.position.y = 0.485;
  group.add(shaft, point);
  group.rotation.set(Math.PI / 2, 0, -0.5);
  group.position.set(1.2, 0.03, 0.62);
  return group;
}

const SKIES: Readonly<Record<Daylight, { wall: string; low: string; sky: string; dim: number }>> = {
  day: { wall: '#e9e2d3', low: '#cfc4ae', sky: '#f4fbff', dim: 0 },
  evening: { wall: '#3a464b', low: '#242e32', sky: '#5b7688', dim: 0.35 },
};

/** The picture repeats twice around: windows, a pin board, shelves, desks; then a board. */
function paintWall(context: CanvasRenderingContext2D, daylight: Daylight): void {
  const { wall: top, low, sky, dim } = SKIES[daylight];
  const ground = context.createLinearGradient(0, 0, 0, HEIGHT);
  ground.addColorStop(0, top);
  ground.addColorStop(0.62, top);
  ground.addColorStop(0.7, low);
  ground.addColorStop(1, low);
  context.fillStyle = ground;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (const x of [60, 330, 1080, 1350]) paintWindow(context, x, sky);
  paintBoard(context, 1640);
  paintPins(context, 690);
  for (let i = 0; i < 11; i++) paintChair(context, 60 + i * 190, i);
  context.fillStyle = `rgb(10 18 24 / ${dim * 100}%)`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
}

function paintWindow(context: CanvasRenderingContext2D, x: number, sky: string): void {
  context.fillStyle = '#b9ad95';
  context.fillRect(x - 8, 112, 216, 226);
  const view = context.createLinearGradient(0, 120, 0, 330);
  view.addColorStop(0, sky);
  view.addColorStop(0.62, sky);
  view.addColorStop(1, '#b7cfae');
  context.fillStyle = view;
  context.fillRect(x, 120, 96, 210);
  context.fillRect(x + 104, 120, 96, 210);
}

function paintBoard(context: CanvasRenderingContext2D, x: number): void {
  context.fillStyle = '#8d7450';
  context.fillRect(x - 8, 130, 336, 190);
  context.fillStyle = '#345b4e';
  context.fillRect(x, 138, 320, 174);
  context.strokeStyle = 'rgb(240 246 238 / 70%)';
  context.lineWidth = 5;
  for (let line = 0; line < 4; line++) {
    context.beginPath();
    context.moveTo(x + 28, 170 + line * 34);
    context.lineTo(x + 130 + ((line * 71) % 150), 170 + line * 34);
    context.stroke();
  }
}

function paintPins(context: CanvasRenderingContext2D, x: number): void {
  context.fillStyle = '#c9a873';
  context.fillRect(x, 150, 300, 160);
  const papers = ['#f3d9c9', '#cfe3dd', '#f6eec4', '#d8d6ea', '#f6f2e8', '#dfe8c8'];
  papers.forEach((paper, i) => {
    context.fillStyle = paper;
    context.fillRect(x + 18 + (i % 3) * 92, 164 + Math.floor(i / 3) * 72, 70, 54);
  });
}

function paintChair(context: CanvasRenderingContext2D, x: number, i: number): void {
  context.fillStyle = ['#8fb0aa', '#bfa78c', '#93a3bd'][i % 3] ?? '#8fb0aa';
  context.fillRect(x, 408, 74, 70);
  context.fillStyle = '#b3946a';
  context.fillRect(x - 36, 470, 150, 20);
  context.fillStyle = '#7c7365';
  context.fillRect(x - 20, 490, 8, 90);
  context.fillRect(x + 88, 490, 8, 90);
}

import {
  CircleGeometry,
  CylinderGeometry,
  Group,
  LatheGeometry,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  Vector2,
} from 'three';
import type { Look } from '../model/look.ts';
import { painted } from './shapes.ts';
import type { ButtonName } from './view.ts';

/** Radius over height: a pear that stands firmly. */
const PROFILE: readonly (readonly [radius: number, y: number])[] = [
  [0, 0.02],
  [0.6, 0.02],
  [0.645, 0.05],
  [0.655, 0.12],
  [0.63, 0.26],
  [0.56, 0.42],
  [0.45, 0.57],
  [0.34, 0.68],
  [0.26, 0.735],
  [0, 0.75],
];
const TRAVEL = 0.022;

/** The body on the desk: it does not move, and carries the two buttons. */
export class BaseModel {
  readonly group = new Group();
  /** What a pointer may press. */
  readonly pressable = new Map<Mesh, ButtonName>();
  private readonly teacher: Mesh;
  private readonly pair: Mesh;

  constructor() {
    const shell = new MeshStandardMaterial({ color: 0xf4f0e8, roughness: 0.45 });
    const points = PROFILE.map(([radius, y]) => new Vector2(radius, y));
    this.group.add(new Mesh(new LatheGeometry(points, 72), shell));
    const band = new MeshStandardMaterial({ color: 0x2a7f79, roughness: 0.5 });
    const foot = new Mesh(new CylinderGeometry(0.652, 0.6, 0.07, 72), band);
    foot.position.y = 0.035;
    this.group.add(foot);
    const dark = new MeshStandardMaterial({ color: 0x39474d, roughness: 0.6 });
    const neck = new Mesh(new CylinderGeometry(0.17, 0.21, 0.36, 48), dark);
    neck.position.y = 0.86;
    this.group.add(neck);
    this.teacher = this.addButton('teacher', 0.135, 0xe0a23c, 0, 0.43, 24, pauseSign);
    this.pair = this.addButton('pair', 0.058, 0x8d7bb5, 47, 0.24, 10, linkSign);
  }

  show(look: Look): void {
    this.teacher.position.z = look.teacherPressed ? -TRAVEL : 0;
    this.pair.position.z = look.pairPressed ? -TRAVEL : 0;
  }

  /** On the skin of the body, `aroundDeg` to its left, leaning back by `leanDeg`. */
  private addButton(
    name: ButtonName,
    radius: number,
    colour: number,
    aroundDeg: number,
    y: number,
    leanDeg: number,
    sign: (context: CanvasRenderingContext2D) => void,
  ): Mesh {
    const seat = new Group();
    const around = (aroundDeg * Math.PI) / 180;
    const out = skinAt(y) + 0.004;
    seat.position.set(out * Math.sin(around), y, out * Math.cos(around));
    seat.rotation.set((-leanDeg * Math.PI) / 180, around, 0, 'YXZ');
    const rim = new MeshStandardMaterial({ color: 0x39474d, roughness: 0.5 });
    seat.add(disc(radius * 1.22, 0.05, rim, 0));
    const face = new MeshStandardMaterial({ color: colour, roughness: 0.5 });
    const button = disc(radius, 0.09, face, 0);
    const map = painted(128, 128, sign);
    const label = new Mesh(
      new CircleGeometry(radius * 0.9, 36),
      new MeshBasicMaterial({ map, transparent: true }),
    );
    // Lies on the cap, which was turned to point along the seat's z.
    label.rotation.x = -Math.PI / 2;
    label.position.y = 0.0465;
    button.add(label);
    seat.add(button);
    this.pressable.set(button, name);
    this.group.add(seat);
    return button;
  }
}

function disc(radius: number, depth: number, material: MeshStandardMaterial, z: number): Mesh {
  const mesh = new Mesh(new CylinderGeometry(radius * 0.94, radius, depth, 48), material);
  mesh.rotation.x = Math.PI / 2;
  mesh.position.z = z;
  return mesh;
}

function skinAt(y: number): number {
  for (let i = 1; i < PROFILE.length - 1; i++) {
    const [from, to] = [PROFILE[i], PROFILE[i + 1]];
    if (!from || !to || y < from[1] || y > to[1]) continue;
    return from[0] + ((to[0] - from[0]) * (y - from[1])) / (to[1] - from[1]);
  }
  return 0.6;
}

function pauseSign(context: CanvasRenderingContext2D): void {
  context.fillStyle = 'rgb(74 48 6 / 80%)';
  for (const x of [42, 70]) {
    context.beginPath();
    context.roundRect(x, 36, 16, 56, 6);
    context.fill();
  }
}

function linkSign(context: CanvasRenderingContext2D): void {
  context.strokeStyle = 'rgb(255 255 255 / 85%)';
  context.lineWidth = 12;
  for (const x of [46, 82]) {
    context.beginPath();
    context.arc(x, 64, 24, 0, 2 * Math.PI);
    context.stroke();
  }
}

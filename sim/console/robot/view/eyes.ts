import {
  CircleGeometry,
  Color,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  type Object3D,
} from 'three';
import { dotsOf, type Look } from '../model/look.ts';

const PITCH = 0.036;
const DOT = 0.0145;
const GAP = 0.235;
const DARK = new Color(0x1d2429);
/** A warm white with a breath of mint: friendly, and not the white of the watch light. */
const LIT = new Color(0xd9fff1);

/** Two 8x8 matrices of LEDs, drawn dot by dot from the bytes on the bus. */
export class EyeMatrices {
  private readonly dots: InstancedMesh;
  private readonly colour = new Color();

  constructor(parent: Object3D, z: number) {
    const material = new MeshBasicMaterial({ toneMapped: false });
    this.dots = new InstancedMesh(new CircleGeometry(DOT, 12), material, 128);
    const place = new Matrix4();
    for (let eye = 0; eye < 2; eye++)
      for (let i = 0; i < 64; i++) {
        const x = (eye === 0 ? -GAP : GAP) + ((i % 8) - 3.5) * PITCH;
        const y = (3.5 - Math.floor(i / 8)) * PITCH - 0.03;
        this.dots.setMatrixAt(eye * 64 + i, place.makeTranslation(x, y, z));
      }
    parent.add(this.dots);
  }

  show({ left, right, brightness }: Look['eyes']): void {
    const lit = this.colour.copy(DARK).lerp(LIT, brightness === 0 ? 0 : 0.35 + brightness / 23);
    [left, right].forEach((rows, eye) => {
      rows.forEach((row, y) => {
        dotsOf(row).forEach((on, x) => {
          this.dots.setColorAt(eye * 64 + y * 8 + x, on ? lit : DARK);
        });
      });
    });
    if (this.dots.instanceColor) this.dots.instanceColor.needsUpdate = true;
  }
}

import {
  CircleGeometry,
  CylinderGeometry,
  Group,
  Mesh,
  MeshStandardMaterial,
  SphereGeometry,
  type Texture,
  TorusGeometry,
  TubeGeometry,
} from 'three';
import { type Look, seen } from '../model/look.ts';
import { EyeMatrices } from './eyes.ts';
import { Glow, type Light } from './glow.ts';
import { softBox, softOutline } from './shapes.ts';

const SHELL = 0xf4f0e8;
const VISOR = 0x10171b;
const TEAL = 0x2a7f79;
const GREEN: Light = [0.12, 1, 0.3];
const WHITE: Light = [1, 1, 1];
/** Of the diffuser when no LED behind it is lit. */
const MILK = 0.42;

/** The head around the crossing of its two axes: shell, face, camera and all its lights. */
export class HeadMesh {
  readonly group = new Group();
  private readonly eyes: EyeMatrices;
  private readonly ring = new MeshStandardMaterial({ roughness: 0.5, toneMapped: false });
  private readonly ringGlow: Glow;
  private readonly hand = new MeshStandardMaterial({ roughness: 0.35 });
  private readonly handGlow: Glow;
  private readonly watch = new MeshStandardMaterial({ roughness: 0.4, toneMapped: false });
  private readonly watchGlow: Glow;

  constructor(glow: Texture) {
    const shell = new MeshStandardMaterial({ color: SHELL, roughness: 0.42 });
    this.add(new Mesh(softBox(0.72, 0.55, 0.54, 3, 64), shell));
    const visor = new MeshStandardMaterial({ color: VISOR, roughness: 0.16, metalness: 0.1 });
    this.add(new Mesh(softBox(0.575, 0.385, 0.2, 4, 96), visor), 0, -0.005, 0.36);
    this.addEars();
    this.addCamera();
    this.addRing();
    this.addHandLight();
    this.eyes = new EyeMatrices(this.group, 0.564);
    // In the middle of the head, so that it shines out all around and never cuts through the shell.
    this.ringGlow = new Glow(this.group, 3, [0, 0, 0], glow);
    this.handGlow = new Glow(this.group, 1.5, [0, 0.72, 0], glow);
    this.watchGlow = new Glow(this.group, 0.36, [0.115, 0.235, 0.58], glow);
  }

  show(look: Look): void {
    this.eyes.show(look.eyes);
    const [red, green, blue] = look.ring;
    this.ring.emissive.setRGB(seen(red), seen(green), seen(blue));
    // Light from the room is negligible next to its own.
    this.ring.color.setScalar(MILK * (1 - seen(Math.max(red, green, blue))));
    this.ringGlow.set(look.ring, 0.75);
    this.showHand(look.hand);
    this.watch.color.setScalar(look.watch ? 1 : 0.12);
    this.watch.emissive.setScalar(look.watch ? 1 : 0);
    this.watchGlow.set(WHITE, look.watch ? 0.95 : 0);
  }

  private showHand(level: number): void {
    const light = seen(level);
    this.hand.color.setRGB(0.62 - 0.5 * light, 0.72, 0.62 - 0.4 * light);
    this.hand.emissive.setRGB(0.02 * light, 0.95 * light, 0.22 * light);
    this.handGlow.set([GREEN[0] * level, GREEN[1] * level, GREEN[2] * level], 0.9);
  }

  private add(mesh: Mesh, x = 0, y = 0, z = 0): Mesh {
    mesh.position.set(x, y, z);
    this.group.add(mesh);
    return mesh;
  }

  /** Loudspeakers, and what makes the turning of the head easy to see from the side. */
  private addEars(): void {
    const rim = new MeshStandardMaterial({ color: TEAL, roughness: 0.5 });
    const cloth = new MeshStandardMaterial({ color: 0x39474d, roughness: 0.9 });
    for (const side of [-1, 1]) {
      const disc = this.add(new Mesh(new CylinderGeometry(0.2, 0.235, 0.1, 40), rim), side * 0.73);
      disc.rotation.z = (-side * Math.PI) / 2;
      const grill = this.add(
        new Mesh(new CylinderGeometry(0.155, 0.155, 0.02, 36), cloth),
        side * 0.785,
      );
      grill.rotation.z = Math.PI / 2;
    }
  }

  private addCamera(): void {
    const metal = new MeshStandardMaterial({ color: 0x5d676c, roughness: 0.35, metalness: 0.6 });
    const glass = new MeshStandardMaterial({ color: 0x0a1726, roughness: 0.05, metalness: 0.2 });
    this.add(new Mesh(new TorusGeometry(0.055, 0.013, 12, 36), metal), 0, 0.235, 0.552);
    const lens = this.add(new Mesh(new SphereGeometry(0.055, 24, 12), glass), 0, 0.235, 0.535);
    lens.scale.z = 0.6;
    this.add(new Mesh(new CircleGeometry(0.021, 20), this.watch), 0.115, 0.235, 0.558);
  }

  private addRing(): void {
    const outline = softOutline(0.615, 0.43, 4, (x) => 0.47 - 0.16 * Math.abs(x) ** 3);
    this.add(new Mesh(new TubeGeometry(outline, 128, 0.03, 10, true), this.ring));
  }

  private addHandLight(): void {
    const foot = new MeshStandardMaterial({ color: TEAL, roughness: 0.5 });
    this.add(new Mesh(new CylinderGeometry(0.13, 0.16, 0.06, 36), foot), 0, 0.56);
    const dome = this.add(new Mesh(new SphereGeometry(0.115, 32, 16), this.hand), 0, 0.6);
    dome.scale.y = 1.15;
  }
}

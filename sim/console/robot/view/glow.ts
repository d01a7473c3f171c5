import { AdditiveBlending, type Object3D, Sprite, SpriteMaterial, type Texture } from 'three';
import { seen } from '../model/look.ts';
import { painted } from './shapes.ts';

export type Light = readonly [red: number, green: number, blue: number];

/** The haze of light around a lamp, as an eye or a lens sees it. */
export class Glow {
  private readonly material: SpriteMaterial;
  private readonly sprite: Sprite;

  constructor(
    parent: Object3D,
    size: number,
    at: readonly [number, number, number],
    texture: Texture,
  ) {
    this.material = new SpriteMaterial({
      map: texture,
      blending: AdditiveBlending,
      depthWrite: false,
      transparent: true,
      toneMapped: false,
    });
    this.sprite = new Sprite(this.material);
    this.sprite.scale.setScalar(size);
    this.sprite.position.set(...at);
    parent.add(this.sprite);
    this.set([0, 0, 0], 0);
  }

  /** `strength` 0..1 on top of the light itself. */
  set([red, green, blue]: Light, strength: number): void {
    const most = Math.max(red, green, blue);
    this.sprite.visible = most * strength > 0.004;
    if (!this.sprite.visible) return;
    this.material.color.setRGB(red / most, green / most, blue / most);
    this.material.opacity = seen(most) * strength;
  }
}

/** Shared by all glows of a view. */
export function glowTexture(): Texture {
  return painted(128, 128, (context) => {
    const fade = context.createRadialGradient(64, 64, 0, 64, 64, 64);
    fade.addColorStop(0, 'rgb(255 255 255 / 90%)');
    fade.addColorStop(0.25, 'rgb(255 255 255 / 38%)');
    fade.addColorStop(0.6, 'rgb(255 255 255 / 9%)');
    fade.addColorStop(1, 'rgb(255 255 255 / 0%)');
    context.fillStyle = fade;
    context.fillRect(0, 0, 128, 128);
  });
}

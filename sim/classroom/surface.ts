/** A painted flat rectangle in the room. */
import type { Vec3 } from './plan/pose.ts';
import type { Texture } from './texture.ts';

export interface Surface {
  /** The corner where the picture's top left is. */
  readonly corner: Vec3;
  /** Along the whole top edge, and along the whole left edge downwards; at right angles. */
  readonly across: Vec3;
  readonly down: Vec3;
  readonly texture: Texture;
  /** Walls, floor and ceiling: together they close the room, so nothing is ever left unpainted. */
  readonly shell: boolean;
}

/** The same, by the name of its picture, before the pictures are painted. */
export interface PlacedSheet extends Omit<Surface, 'texture'> {
  readonly sheet: string;
}

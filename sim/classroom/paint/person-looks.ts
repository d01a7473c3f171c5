/** How people in the room look: muted clothes, all sorts of hair and skin. */
import type { Colour } from './canvas.ts';

export interface Look {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly top: Colour;
  readonly style: 'short' | 'long' | 'bun' | 'curly';
}

export const CLASSMATE_LOOKS: readonly Look[] = [
  { skin: [222, 182, 152], hair: [92, 66, 46], top: [112, 126, 134], style: 'long' },
  { skin: [150, 108, 82], hair: [38, 32, 30], top: [168, 144, 112], style: 'curly' },
  { skin: [232, 196, 168], hair: [186, 150, 102], top: [116, 122, 104], style: 'short' },
  { skin: [196, 150, 116], hair: [46, 38, 36], top: [146, 122, 124], style: 'bun' },
  { skin: [226, 188, 158], hair: [128, 84, 56], top: [96, 104, 122], style: 'short' },
  { skin: [118, 84, 64], hair: [30, 26, 26], top: [182, 168, 146], style: 'bun' },
];

export const TEACHER_LOOK: Look = {
  skin: [214, 172, 142],
  hair: [104, 84, 70],
  top: [74, 88, 104],
  style: 'bun',
};
export const TROUSERS: Colour = [88, 80, 74];
export const SHOES: Colour = [54, 46, 42];

/**
 * A sheet to paint on, measured in metres. Colours are kept premultiplied by their coverage, so
 * sheets with holes (people) shrink and blend without dark rims.
 */
import type { Box, Shape } from './shapes.ts';

/** 0..255 each. */
export type Colour = readonly [red: number, green: number, blue: number];
/** One colour, or a colour for each place (metres from the top left). */
type Paint = Colour | ((x: number, y: number) => Colour);

/** Sheets halve four times without a remainder. */
const EVEN = 16;

export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue (times coverage) and coverage. */
  readonly pixels: Uint8ClampedArray;

  private readonly stepX: number;
  private readonly stepY: number;

  constructor(
    readonly widthM: number,
    readonly heightM: number,
    /** Side of one texel, about: the count is rounded up so that the sheet halves evenly. */
    readonly texelM: number,
  ) {
    this.width = Math.ceil(widthM / texelM / EVEN) * EVEN;
    this.height = Math.ceil(heightM / texelM / EVEN) * EVEN;
    this.stepX = widthM / this.width;
    this.stepY = heightM / this.height;
    this.pixels = new Uint8ClampedArray(this.width * this.height * 4);
  }

  /** Lays paint over the shape, smooth at its edge. `opacity` 0..1. */
  fill(shape: Shape, paint: Paint, opacity = 1): this {
    this.eachTexel(shape.box, (at, x, y) => {
      const cover = Math.min(1, 0.5 - shape.distance(x, y) / this.texelM) * opacity;
      if (cover > 0) this.blend(at, typeof paint === 'function' ? paint(x, y) : paint, cover);
    });
    return this;
  }

  /** A blurred shape: full at `softM` inside the edge, nothing at `softM` outside. */
  soft(shape: Shape, colour: Colour, opacity: number, softM: number): this {
    const { left, top, right, bottom } = shape.box;
    const reach = {
      left: left - softM,
      top: top - softM,
      right: right + softM,
      bottom: bottom + softM,
    };
    this.eachTexel(reach, (at, x, y) => {
      const depth = Math.max(0, Math.min(1, 0.5 - shape.distance(x, y) / (2 * softM)));
      const cover = depth * depth * (3 - 2 * depth) * opacity;
      if (cover > 0) this.blend(at, colour, cover);
    });
    return this;
  }

  /** Paint on all of the sheet. */
  flood(paint: Paint): this {
    if (typeof paint === 'function')
      this.eachTexel(this.whole(), (at, x, y) => this.blend(at, paint(x, y), 1));
    else {
      this.pixels.set([...paint, 255]);
      for (let done = 4; done < this.pixels.length; done *= 2)
        this.pixels.copyWithin(done, 0, Math.min(done, this.pixels.length - done));
    }
    return this;
  }

  /** Light and shade: multiplies what is there. */
  light(factor: (x: number, y: number) => number, within: Box = this.whole()): this {
    const { pixels } = this;
    this.eachTexel(within, (at, x, y) => {
      const by = factor(x, y);
      for (let i = at; i < at + 3; i++) pixels[i] = (pixels[i] as number) * by;
    });
    return this;
  }

  private whole(): Box {
    return { left: 0, top: 0, right: this.widthM, bottom: this.heightM };
  }

  private eachTexel(within: Box, act: (at: number, x: number, y: number) => void): void {
    const { stepX, stepY, width, height } = this;
    const left = Math.max(0, Math.floor(within.left / stepX - 1));
    const right = Math.min(width, Math.ceil(within.right / stepX + 1));
    const bottom = Math.min(height, Math.ceil(within.bottom / stepY + 1));
    for (let j = Math.max(0, Math.floor(within.top / stepY - 1)); j < bottom; j++)
      for (let i = left; i < right; i++)
        act((j * width + i) * 4, (i + 0.5) * stepX, (j + 0.5) * stepY);
  }

  private blend(at: number, colour: Colour, cover: number): void {
    const { pixels } = this;
    const keep = 1 - cover;
    pixels[at] = (pixels[at] as number) * keep + colour[0] * cover;
    pixels[at + 1] = (pixels[at + 1] as number) * keep + colour[1] * cover;
    pixels[at + 2] = (pixels[at + 2] as number) * keep + colour[2] * cover;
    pixels[at + 3] = (pixels[at + 3] as number) * keep + 255 * cover;
  }
}

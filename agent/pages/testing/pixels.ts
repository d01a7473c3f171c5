import type { Locator, Page } from 'playwright-core';

/** What a part of a page looks like: enough to say whether something is there, and whether it changed. */
export interface Look {
  /** The picture itself, for comparing. */
  readonly png: string;
  /** Share of pixels that stand out from the commonest colour with at least 3 : 1 (WCAG 2.2, 1.4.11), 0..1. */
  readonly ink: number;
  /** The commonest colour, `r,g,b`. */
  readonly ground: string;
}

/** Measures what is really painted, whatever style sheets say. */
export async function look(part: Locator): Promise<Look> {
  const png = (await part.screenshot({ animations: 'disabled' })).toString('base64');
  return { png, ...(await measure(part.page(), png)) };
}

function measure(page: Page, png: string): Promise<Omit<Look, 'png'>> {
  return page.evaluate(async (given) => {
    const LEAST = 3;
    const image = new Image();
    image.src = `data:image/png;base64,${given}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const paint = canvas.getContext('2d');
    if (!paint) throw new Error('this browser cannot paint');
    paint.drawImage(image, 0, 0);
    const { data } = paint.getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map<string, number>();
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const light = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = colour.split(',').map((part) => {
        const value = Number(part) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [[ground] = ['']] = [...counts].sort((a, b) => b[1] - a[1]);
    let ink = 0;
    for (const [colour, pixels] of counts) {
      const [hi = 0, lo = 0] = [light(colour), light(ground)].sort((a, b) => b - a);
      if ((hi + 0.05) / (lo + 0.05) >= LEAST) ink += pixels;
    }
    return { ink: ink / (data.length / 4), ground };
  }, png);
}

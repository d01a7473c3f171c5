import type { BrowserContext, Page } from 'playwright-core';

/** What a picture shows: where the middle of a strong colour lies, and how bright it is. */
interface Seen {
  readonly width: number;
  readonly height: number;
  /** Mean brightness, 0..255. */
  readonly brightness: number;
  /** Middle of the pixels of the asked hue, in pixels, and how many there are. */
  readonly spot: { readonly x: number; readonly y: number; readonly pixels: number };
}

/** Degrees on the colour circle of the posters' paint, and how far from it a pixel may be. */
export const HUES = { red: 0, yellow: 50, green: 140, blue: 220 } as const;
const HUE_RANGE = 22;

/** A pupil at the page, doing what a pupil does. */
export class PupilDriver {
  private constructor(readonly page: Page) {}

  /** Opens the link, links the device, and comes to the lobby. */
  static async arrive(context: BrowserContext, link: string): Promise<PupilDriver> {
    const page = await context.newPage();
    await page.goto(link);
    await page.click('#bind');
    await page.click('#pin-skip');
    await page.waitForSelector('#go');
    return new PupilDriver(page);
  }

  /** Opens the page on a device that is linked already, and comes to the lobby. */
  static async comeBack(context: BrowserContext, address: string): Promise<PupilDriver> {
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForSelector('#go');
    return new PupilDriver(page);
  }

  /** Goes to class and waits for a picture. Resolves with how long that took, milliseconds. */
  async goToClass(): Promise<number> {
    const start = performance.now();
    await this.page.click('#go');
    await this.picture();
    return performance.now() - start;
  }

  /** Waits until frames are presented. */
  async picture(): Promise<void> {
    await this.page.waitForSelector('#stage');
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const wait = (): void => {
            const video = document.querySelector('video');
            if (video?.videoWidth) video.requestVideoFrameCallback(() => resolve());
            else setTimeout(wait, 10);
          };
          wait();
        }),
    );
  }

  /** Looks at the picture that is shown now. */
  look(hue: number): Promise<Seen> {
    return this.page.evaluate(lookAtPicture, { hue, range: HUE_RANGE });
  }

  /** The loudest 50 ms of the class's sound within `ms`, RMS 0..1. */
  listen(ms: number): Promise<number> {
    return this.page.evaluate(listenToClass, ms);
  }

  /** Words on the page, as they are read out. */
  text(selector: string): Promise<string> {
    return this.page
      .locator(selector)
      .textContent()
      .then((text) => text ?? '');
  }
}

/** Runs in the page. */
function lookAtPicture({ hue, range }: { hue: number; range: number }): Seen {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = video?.videoWidth ?? 0;
  canvas.height = video?.videoHeight ?? 0;
  const paint = canvas.getContext('2d');
  if (!video || !paint || canvas.width === 0) throw new Error('there is no picture');
  paint.drawImage(video, 0, 0);
  const { data } = paint.getImageData(0, 0, canvas.width, canvas.height);
  let [sum, x, y, pixels] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
    const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
    sum += 0.299 * r + 0.587 * g + 0.114 * b;
    if (high < 70 || (high - low) / high < 0.55) continue;
    const spread = high - low;
    const sector =
      high === r ? (g - b) / spread : high === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
    const away = Math.abs(((sector * 60 - hue + 540) % 360) - 180);
    if (away > range) continue;
    x += (i / 4) % canvas.width;
    y += Math.floor(i / 4 / canvas.width);
    pixels += 1;
  }
  const { width, height } = canvas;
  const spot = { x: x / pixels, y: y / pixels, pixels };
  return { width, height, brightness: sum / (data.length / 4), spot };
}

/** Runs in the page. */
async function listenToClass(ms: number): Promise<number> {
  const stream = document.querySelector('audio')?.srcObject;
  if (!(stream instanceof MediaStream)) throw new Error('there is no sound');
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  let loudest = 0;
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ear.getFloatTimeDomainData(samples);
    const power = samples.reduce((total, sample) => total + sample * sample, 0) / samples.length;
    loudest = Math.max(loudest, Math.sqrt(power));
  }
  await context.close();
  return loudest;
}

import type { BrowserContext, Page } from 'playwright-core';

/** Somebody beside the robot, at its page. */
export class RobotDriver {
  private constructor(readonly page: Page) {}

  /** `flat`: the drawing without WebGL, which leaves the processor to what is measured. */
  static async open(context: BrowserContext, address: string, flat = true): Promise<RobotDriver> {
    const page = await context.newPage();
    await page.goto(new URL(`robot/${flat ? '?view=flat' : ''}`, address).href);
    await page.waitForSelector('[data-key="pan"]');
    return new RobotDriver(page);
  }

  /** A reading's value for programs, for example `watch`: on or off. */
  async reading(key: string): Promise<string> {
    return (await this.page.getAttribute(`[data-key="${key}"]`, 'data-value')) ?? '';
  }

  async pose(): Promise<{ panDeg: number; tiltDeg: number }> {
    return {
      panDeg: Number(await this.reading('pan')),
      tiltDeg: Number(await this.reading('tilt')),
    };
  }

  /** Waits until a reading has a value, in milliseconds of real time. */
  async reads(key: string, value: string | RegExp, limitMs = 15_000): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      const now = await this.reading(key);
      if (typeof value === 'string' ? now === value : value.test(now)) return;
      if (performance.now() > end) throw new Error(`${key} is ${now}, expected ${value}`);
      await this.page.waitForTimeout(20);
    }
  }

  /** Waits until the head stands still. */
  async still(): Promise<void> {
    let last = await this.pose();
    for (let calm = 0; calm < 4; ) {
      await this.page.waitForTimeout(120);
      const now = await this.pose();
      const moved = Math.abs(now.panDeg - last.panDeg) + Math.abs(now.tiltDeg - last.tiltDeg);
      calm = moved < 0.3 ? calm + 1 : 0;
      last = now;
    }
  }

  press(name: 'teacher' | 'pair'): Promise<void> {
    return this.page.locator(`#${name}-button`).click({ delay: 180 });
  }
}

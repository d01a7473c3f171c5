/** A visit to the pupil's page in Chromium, on the scripted client, for the tests of this folder. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { formatInvitation } from '../../agent/wire/invitation.ts';
import type { FakeClient } from '../console/pupil/fake-client.ts';
import { launchChromium } from './chromium.ts';
import { type ServedPage, servePupilPage } from './pupil-harness.ts';

const invitation = {
  robot: 'deskmate-7',
  secret: 'A'.repeat(22),
  robotKey: 'A'.repeat(43),
  expires: 2_000_000_000,
  broker: 'ws://localhost:1/mqtt',
};

/** One browser and one server for the tests of a file. */
export class PupilPages {
  private constructor(
    private readonly browser: Browser,
    private readonly served: ServedPage,
  ) {}

  static async open(): Promise<PupilPages> {
    const [browser, served] = await Promise.all([launchChromium(), servePupilPage()]);
    return new PupilPages(browser, served);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.served.close();
  }

  /** A new device opens the page; `query` scripts what it is bound to. */
  async visit(query: string, options: BrowserContextOptions = {}, fragment = ''): Promise<Visit> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    const visit = new Visit(await context.newPage());
    await visit.page.goto(`${this.served.url}${query}${fragment}`);
    return visit;
  }

  withInvitation(options?: BrowserContextOptions): Promise<Visit> {
    return this.visit('', options, formatInvitation('', invitation));
  }

  async inClass(options?: BrowserContextOptions): Promise<Visit> {
    const visit = await this.visit('&robot=desk-1', options);
    await visit.page.click('#go');
    await visit.page.waitForSelector('#stage');
    await visit.page.waitForFunction(() => document.querySelector('video')?.videoWidth);
    return visit;
  }
}

export class Visit {
  /** Errors of the page, violations of its content security policy among them. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** What the page asked of its client, in order. */
  calls(): Promise<string[]> {
    return this.page.evaluate(() => window.deskmateFake?.calls ?? []);
  }

  /** Plays the robot, the network or the teacher. */
  change(news: Parameters<FakeClient['change']>[0]): Promise<void> {
    return this.page.evaluate((given) => window.deskmateFake?.change(given), news);
  }

  connect(state: Parameters<FakeClient['connect']>[0]): Promise<void> {
    return this.page.evaluate((given) => window.deskmateFake?.connect(given), state);
  }

  heard(verdict: 'quiet' | 'loud'): Promise<void> {
    return this.page.evaluate(
      (given) => window.deskmateFake?.emit('heard', { verdict: given, voiceDb: -50, roomDb: -45 }),
      verdict,
    );
  }

  script(news: Partial<Pick<FakeClient, 'refuseBind' | 'stopAt'>>): Promise<void> {
    return this.page.evaluate((given) => {
      Object.assign(window.deskmateFake ?? {}, given);
    }, news);
  }

  focused(): Promise<string | undefined> {
    return this.page.evaluate(() => document.activeElement?.id);
  }

  /** Tab until the element has the focus: what cannot be reached by keyboard is not there. */
  async tabTo(id: string): Promise<void> {
    for (let step = 0; step < 40; step += 1) {
      if ((await this.focused()) === id) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`#${id} cannot be reached with Tab`);
  }

  /** What screen readers are told. */
  async said(text: string): Promise<void> {
    await this.page.waitForFunction(
      (words) => document.querySelector('#announcer')?.textContent === words,
      text,
    );
  }
}

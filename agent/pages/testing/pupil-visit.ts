/** A visit to the pupil's page in Chromium, on the scripted client, for the tests of this folder. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { SimStatus } from '../../../sim/console/messages.ts';
import { GOOD_NETWORK } from '../../../sim/network/bad-link.ts';
import type { Quality } from '../../client/api.ts';
import { formatInvitation } from '../../wire/invitation.ts';
import { good } from '../pupil/testing/class-model.ts';
import type { FakeClient } from '../pupil/testing/fake-client.ts';
import { launchChromium } from './chromium.ts';
import { type ServedPage, servePupilPage } from './pupil-harness.ts';

const invitation = {
  robot: 'deskmate-7',
  secret: 'A'.repeat(22),
  robotKey: 'A'.repeat(43),
  expires: 2_000_000_000,
  broker: 'ws://localhost:1/mqtt',
};

const running = {
  state: 'running',
  pid: 1,
  restarts: 0,
  seconds: 9,
  lastExit: null,
  realTime: false,
} as const;

const runningStatus: SimStatus = {
  kind: 'status',
  version: '1.0.0',
  robot: 'sim-1',
  ready: true,
  upSeconds: 9,
  processes: [
    { name: 'firmware', ...running },
    { name: 'media', ...running },
    { name: 'agent', ...running },
  ],
  broker: { up: true, refusals: {} },
  life: { state: 'ready', faults: [] },
  network: { setting: GOOD_NETWORK, unavailable: null, carried: 0, dropped: 0 },
  warnings: [],
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

  /** The home page, with answers of a simulator that does well. */
  async home(options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    const visit = new Visit(await context.newPage());
    const link = formatInvitation('http://localhost:1/pupil/', invitation);
    const qrSvg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>';
    await visit.page.route('**/api/invitation', (route) =>
      route.fulfill({ json: { link, qrSvg, expires: invitation.expires } }),
    );
    await visit.page.route('**/api/status', (route) => route.fulfill({ json: runningStatus }));
    await visit.page.goto(this.served.home);
    return visit;
  }

  /** A device whose browser answers the question for the microphone with this error. */
  async withoutMicrophone(error: 'NotAllowedError' | 'NotFoundError'): Promise<Visit> {
    const visit = await this.visit('&robot=desk-1');
    await visit.page.addInitScript((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name));
    }, error);
    await visit.page.reload();
    return visit;
  }

  /** Another tab of the same device. */
  async secondTab(first: Visit, query = '&robot=desk-1'): Promise<Visit> {
    const visit = new Visit(await first.page.context().newPage());
    await visit.page.goto(`${this.served.url}${query}`);
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

  script(news: Partial<Pick<FakeClient, 'refuseBind' | 'stopAt' | 'pictureWaits'>>): Promise<void> {
    return this.page.evaluate((given) => {
      Object.assign(window.deskmateFake ?? {}, given);
    }, news);
  }

  showPicture(): Promise<void> {
    return this.page.evaluate(() => window.deskmateFake?.showPicture());
  }

  /** As the browser tells it: the track ends by itself. */
  unplugMicrophone(): Promise<void> {
    return this.page.evaluate(() => {
      for (const track of window.deskmateFake?.microphone?.getAudioTracks() ?? []) {
        track.dispatchEvent(new Event('ended'));
      }
    });
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

  /** What screen readers are told; `urgency` where it matters. */
  async said(text: string, urgency?: 'polite' | 'assertive'): Promise<void> {
    await this.page.waitForFunction(
      ({ words, region }) =>
        [...document.querySelectorAll(`#announcer ${region} p`)].some(
          (line) => line.textContent === words,
        ),
      { words: text, region: urgency ? `[aria-live="${urgency}"]` : '[aria-live]' },
    );
  }

  /** Writes down all that is announced from now on, in order. */
  async listen(): Promise<void> {
    await this.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { deskmateHeard: heard });
      const region = document.querySelector('#announcer');
      if (!region) throw new Error('the page announces nothing');
      new MutationObserver((changes) => {
        for (const change of changes)
          for (const node of change.addedNodes) heard.push(node.textContent ?? '');
      }).observe(region, { childList: true, subtree: true, characterData: true });
    });
  }

  heardSoFar(): Promise<string[]> {
    return this.page.evaluate(
      () => (window as { deskmateHeard?: string[] }).deskmateHeard ?? ['nobody listened'],
    );
  }

  /** As measured `seconds` times, once each second. */
  measured(news: Partial<Quality>, seconds = 1): Promise<void> {
    return this.page.evaluate(
      ({ given, times }) => {
        for (let n = 0; n < times; n += 1) window.deskmateFake?.emit('quality', given);
      },
      { given: { ...good, ...news }, times: seconds },
    );
  }
}

/** The whole rig: hosts, servers, robot and browsers; set-up and tear-down. */

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { Namespaces } from './net/namespaces.ts';
import { Network, USUAL } from './net/network.ts';
import { openChromium } from './pupils/chromium.ts';
import { openFirefox } from './pupils/firefox.ts';
import { look } from './pupils/probe.ts';
import type { Browser, BrowserName } from './pupils/tab.ts';
import { ROBOT_NAME, Robot } from './robot/robot.ts';
import { makeCertificates } from './servers/authority.ts';
import { Servers } from './servers/servers.ts';

export interface Places {
  /** The checkout. */
  readonly root: string;
  /** dist/field: our own bundles, and the logs. */
  readonly out: string;
}

const LINKED_MS = 10_000;
const LOOK_MS = 50;

export class Rig {
  readonly spaces = new Namespaces();
  readonly network = new Network(this.spaces);
  /** In the order that they were asked for. */
  browsers: readonly Browser[] = [];
  private readonly opened: Browser[] = [];
  private readonly folder = this.spaces.folder;
  private readonly logs: string;
  private servers_: Servers | undefined;
  private robot_: Robot | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly places: Places,
  ) {
    // Fails if it exists: its creator could read it.
    mkdirSync(this.folder, { mode: 0o700 });
    this.logs = path.join(places.out, 'logs');
    rmSync(this.logs, { recursive: true, force: true });
    mkdirSync(this.logs, { recursive: true });
  }

  /** Resolves when the robot is ready and each browser is bound to it. */
  async open(names: readonly BrowserName[]): Promise<void> {
    this.spaces.open();
    this.network.build();
    this.network.apply(USUAL);
    await this.openServers();
    const opening = names.map((name) => this.openBrowser(name));
    const [browsers] = await Promise.all([Promise.all(opening), this.openRobot()]);
    for (const browser of browsers) await this.link(browser);
    this.browsers = browsers;
  }

  get servers(): Servers {
    return there(this.servers_);
  }

  get robot(): Robot {
    return there(this.robot_);
  }

  /** Tears everything down, in any state. Never rejects. */
  async close(): Promise<void> {
    const quietly = (work: Promise<unknown> | undefined) => work?.catch(() => undefined);
    await Promise.all(this.opened.map((browser) => quietly(browser.close())));
    await quietly(this.robot_?.stop());
    await quietly(this.servers_?.close());
    this.remove();
  }

  /** Last step, synchronous: removes namespaces, with everything in them, and files. */
  remove(): void {
    this.spaces.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async openServers(): Promise<void> {
    const { root, out } = this.places;
    const folder = path.join(this.folder, 'servers');
    const certificates = await makeCertificates(folder, this.clock.wall());
    this.servers_ = new Servers(
      this.clock,
      this.spaces,
      {
        pages: path.join(root, 'dist/pages'),
        bundles: {
          pages: path.join(out, 'pages.mjs'),
          router: path.join(out, 'router.mjs'),
          tlsFront: path.join(out, 'tls-front.mjs'),
        },
        folder,
        logs: this.logs,
      },
      certificates,
      ROBOT_NAME,
    );
    await this.servers_.open();
  }

  private async openRobot(): Promise<void> {
    const { root } = this.places;
    const places = {
      dist: path.join(root, 'dist'),
      scripts: path.join(root, 'scripts'),
      state: path.join(this.folder, 'robot'),
      logs: this.logs,
    };
    this.robot_ = await Robot.start(this.clock, this.spaces, places, this.servers.certificates);
    await this.robot_.ready();
  }

  private async openBrowser(name: BrowserName): Promise<Browser> {
    const { clock, spaces, folder, logs, servers } = this;
    const relay = path.join(this.places.out, 'unix-relay.mjs');
    const browser =
      name === 'chromium'
        ? await openChromium(spaces, { folder, logs }, servers.certificates)
        : await openFirefox(clock, spaces, { folder, logs, relay }, servers.certificates);
    this.opened.push(browser);
    return browser;
  }

  /** Opens an invitation, as a pupil does once. */
  private async link({ tab }: Browser): Promise<void> {
    await tab.goto(await this.robot.invitation());
    await tab.press('#bind');
    const untilMs = this.clock.now() + LINKED_MS;
    for (;;) {
      const { screen, words } = await tab.evaluate(look, undefined);
      if (screen === 'lobby') return;
      if (screen === 'newPin') await tab.press('#pin-skip');
      if (this.clock.now() > untilMs)
        throw new Error(`a browser could not be linked: the page is at "${screen}", "${words}"`);
      await delay(this.clock, LOOK_MS);
    }
  }
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the rig is not open');
  return part;
}

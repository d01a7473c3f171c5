/**
 * The fleet page as it is served: a fleet service with SQLite, an embedded broker, robots of which one
 * answers orders, and Chromium.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Aedes } from 'aedes';
import { build } from 'esbuild';
import { exportJWK } from 'jose';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SystemClock } from '../../../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../../../hal/ports/log.ts';
import { openFleetService, type RunningFleetService } from '../../../../scripts/fleet/service.ts';
import { pageShell } from '../../../../scripts/page-shell.mjs';
import type { Role, Scope } from '../../../wire/grant.ts';
import { appoint, FLEET, freshRoot, type Person } from '../../../wire/testing/fleet-people.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { projectRoot } from '../../testing/project-root.ts';
import { AnsweringRobot } from './answering-robot.ts';

const DAY_S = 86_400;
/** Long enough for any test, and over: certificates of tests must not outlive their day by years. */
const GRANT_S = 30 * DAY_S;

export class FleetPage {
  private constructor(
    readonly service: RunningFleetService,
    readonly browser: Browser,
    readonly root: Person,
    private readonly parts: {
      readonly folder: string;
      readonly aedes: Aedes;
      readonly tcp: Server;
      readonly brokerUrl: string;
    },
  ) {}

  static async open(): Promise<FleetPage> {
    const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-fleet-page-'));
    const aedes = await Aedes.createBroker();
    const tcp = createServer((socket) => aedes.handle(socket));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const brokerUrl = `mqtt://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
    const root = await freshRoot();
    const { signer, chain } = await appoint(root, 'service', { kind: 'fleet' }, validity());
    const pages = path.join(folder, 'pages');
    await buildPage(pages);
    const service = await openFleetService({
      identity: { fleet: FLEET, root: root.key, signer, chain },
      store: path.join(folder, 'fleet.db'),
      broker: { url: brokerUrl, instance: 'page' },
      http: { port: 0, host: '127.0.0.1', pages },
      ...{ clock: new SystemClock(), log: silentLog },
    });
    const browser = await launchChromium();
    return new FleetPage(service, browser, root, { folder, aedes, tcp, brokerUrl });
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.port}/fleet/`;
  }

  appoint(role: Role, scope: Scope = { kind: 'fleet' }): Promise<Person> {
    return appoint(this.root, role, scope, validity());
  }

  /** A robot that has joined, with its audit log, and obeys what it is ordered. */
  answeringRobot(id: string, school: string): Promise<AnsweringRobot> {
    const { brokerUrl } = this.parts;
    return AnsweringRobot.join({ id, school, brokerUrl, root: this.root });
  }

  /** A page on which nobody is signed in yet; `complaints` are errors of the browser. */
  async visit(options: BrowserContextOptions = {}) {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => {
      // A refused login is an answer, not a failure of the page.
      if (line.type() === 'error' && !/status of 4\d\d/.test(line.text()))
        complaints.push(line.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(this.url);
    return { page, complaints };
  }

  async signIn(page: Page, person: Person): Promise<void> {
    const jwk = await exportJWK(person.signer.key);
    const text = JSON.stringify({ version: 1, signing: jwk });
    await page.setInputFiles('#import-key-input', {
      ...{ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from(text) },
    });
    await page.fill('#grant', person.chain.join('\n'));
    await page.click('#use-grant');
    await page.waitForSelector('#grid');
  }

  async close(): Promise<void> {
    const { aedes, tcp, folder } = this.parts;
    await this.browser.close();
    await this.service.stop();
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    tcp.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function validity() {
  const iat = Math.floor(Date.now() / 1_000) - DAY_S;
  return { iat, exp: iat + GRANT_S };
}

/** As scripts/build.mjs does, of this page alone. */
async function buildPage(to: string): Promise<void> {
  const from = path.join(projectRoot(), 'agent/pages');
  for (const folder of ['fleet', 'shared']) {
    mkdirSync(path.join(to, folder), { recursive: true });
    for (const file of readdirSync(path.join(from, folder)))
      if (/\.(css|svg|js)$/.test(file))
        copyFileSync(path.join(from, folder, file), path.join(to, folder, file));
  }
  writeFileSync(path.join(to, 'fleet/index.html'), await pageShell(path.join(from, 'fleet')));
  await build({
    entryPoints: [path.join(from, 'fleet/fleet-main.ts')],
    outfile: path.join(to, 'fleet/main.js'),
    ...{ bundle: true, format: 'esm', target: 'es2022', minify: true },
  });
}

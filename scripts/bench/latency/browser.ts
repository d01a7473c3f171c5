import { createServer, type Server } from 'node:http';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { type BrowserServer, chromium, type Page } from 'playwright-core';
import { QUIET_CHROMIUM } from '../../../agent/pages/testing/chromium.ts';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';

const FLAGS = [
  ...QUIET_CHROMIUM,
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--autoplay-policy=no-user-gesture-required',
  // Names instead of addresses in candidates need multicast DNS, which no other peer here speaks.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Serves the bench's page: some interfaces exist only for a page with an origin. */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<PageServer> {
    const bundle = await esbuild.build({
      entryPoints: [path.join(projectRoot(), 'scripts/bench/latency/page.ts')],
      bundle: true,
      format: 'iife',
      write: false,
      logLevel: 'warning',
    });
    const script = bundle.outputFiles[0]?.text ?? '';
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><script src="/page.js" defer></script>');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return new PageServer(server, `http://127.0.0.1:${port}/`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}

/** One Chromium process tree with the bench's page open. */
export class BenchBrowser {
  private constructor(
    private readonly server: BrowserServer,
    readonly page: Page,
  ) {}

  static async launch(url: string): Promise<BenchBrowser> {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const server = await chromium.launchServer({ executablePath, args: FLAGS });
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(url, { waitUntil: 'load' });
    return new BenchBrowser(server, page);
  }

  /** The browser's first process; all its others are below it. */
  get pid(): number {
    return this.server.process().pid ?? -1;
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}

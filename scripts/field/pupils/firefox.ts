/** Firefox in the pupil's device, driven by WebDriver BiDi. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Namespaces } from '../net/namespaces.ts';
import { Program } from '../net/program.ts';
import { type Certificates, trustIn } from '../servers/authority.ts';
import { Bidi } from './bidi.ts';
import { probe } from './probe.ts';
import { type Browser, called, LOAD_MS, type Tab } from './tab.ts';

const READY_MS = 30_000;
/** In its own namespace, so the port is free. */
const PORT = '9222';

/** A fake microphone, and no connections to the vendor. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'intl.accept_languages': 'en-GB',
  'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

interface FirefoxPlaces {
  readonly folder: string;
  readonly logs: string;
  /** The bundle of unix-relay.ts. */
  readonly relay: string;
}

export async function openFirefox(
  clock: Clock,
  spaces: Namespaces,
  places: FirefoxPlaces,
  certificates: Certificates,
): Promise<Browser> {
  const profile = path.join(places.folder, 'firefox');
  trustIn(profile, certificates);
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(path.join(profile, 'user.js'), `${lines.join('\n')}\n`);
  const program = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
  const firefox = Program.start(clock, spaces, {
    host: 'pupil',
    words: [
      program,
      '--headless',
      '--no-remote',
      '--profile',
      profile,
      '--remote-debugging-port',
      PORT,
    ],
    env: { HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    log: path.join(places.logs, 'firefox.log'),
  });
  await firefox.says(/WebDriver BiDi listening on/, READY_MS);
  const socket = path.join(places.folder, 'bidi.sock');
  const relay = Program.start(clock, spaces, {
    host: 'pupil',
    words: [process.execPath, places.relay, socket, PORT],
    log: path.join(places.logs, 'firefox-relay.log'),
  });
  await relay.says(/relaying/, READY_MS);
  const bidi = await Bidi.open(clock, socket, `127.0.0.1:${PORT}`);
  const tab = await openTab(bidi);
  const close = async (): Promise<void> => {
    bidi.close();
    await Promise.all([firefox.stop(), relay.stop()]);
  };
  // Host addresses are exposed only while a page uses a microphone.
  return { name: 'firefox', tab, grantMicrophone: async () => {}, close };
}

const Context = z.looseObject({ context: z.string() });

async function openTab(bidi: Bidi): Promise<Tab> {
  await bidi.send('script.addPreloadScript', { functionDeclaration: `${probe}` });
  const { context } = Context.parse(await bidi.send('browsingContext.create', { type: 'tab' }));
  return {
    goto: async (url) =>
      void (await bidi.send(
        'browsingContext.navigate',
        { context, url, wait: 'complete' },
        LOAD_MS,
      )),
    press: (selector) => pressWhenThere(bidi, context, selector),
    evaluate: async <A, T>(act: (argument: A) => T | Promise<T>, argument: A) =>
      (await bidi.evaluate(context, called(act, argument))) as T,
  };
}

async function pressWhenThere(bidi: Bidi, context: string, selector: string): Promise<void> {
  await bidi.evaluate(context, called(clickWhenThere, selector));
}

/** Runs in the page. */
async function clickWhenThere(selector: string): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) return element.click();
    if (performance.now() > end) {
      const shown = document.body.textContent.replace(/\s+/g, ' ').slice(-400);
      throw new Error(`${selector} is not there; the page says: ${shown}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

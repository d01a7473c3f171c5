/** Chromium in the pupil's device, controlled through pipes, which work across namespaces. */
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { QUIET_CHROMIUM } from '../../../agent/pages/testing/chromium.ts';
import type { Namespaces } from '../net/namespaces.ts';
import { BOUND } from '../net/program.ts';
import { type Certificates, trustIn } from '../servers/authority.ts';
import { probe } from './probe.ts';
import { type Browser, called, LOAD_MS, type Tab } from './tab.ts';

const ARGS = [...QUIET_CHROMIUM, '--use-fake-device-for-media-stream'];
/** The rig handles signals: it tears down more than a browser. */
const OURS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
const PATIENCE_MS = 15_000;

export async function openChromium(
  spaces: Namespaces,
  { folder, logs }: { folder: string; logs: string },
  certificates: Certificates,
): Promise<Browser> {
  const home = path.join(folder, 'chromium');
  trustIn(path.join(home, '.pki/nssdb'), certificates);
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const words = [...BOUND, ...spaces.inside('pupil', ['env', `HOME=${home}`, program])];
  const script = path.join(folder, 'chromium.sh');
  writeFileSync(script, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  const browser = await chromium.launch({ executablePath: script, args: ARGS, ...OURS });
  const context = await browser.newContext({ locale: 'en-GB' });
  await context.addInitScript(probe);
  const page = await context.newPage();
  const log = (text: string) => appendFileSync(path.join(logs, 'chromium.log'), `${text}\n`);
  page.on('pageerror', (error) => log(String(error)));
  page.on('console', (message) => log(`${message.type()}: ${message.text()}`));
  page.setDefaultTimeout(PATIENCE_MS);
  page.setDefaultNavigationTimeout(LOAD_MS);
  const tab: Tab = {
    goto: async (url) => void (await page.goto(url)),
    press: (selector) => page.click(selector),
    evaluate: (act, argument) => page.evaluate(called(act, argument)),
  };
  return {
    name: 'chromium',
    tab,
    grantMicrophone: (on) =>
      on ? context.grantPermissions(['microphone']) : context.clearPermissions(),
    close: () => browser.close(),
  };
}

import { type Browser, chromium } from 'playwright-core';

/** Chromium that asks nobody and is busy with nothing of its own. */
export const QUIET_CHROMIUM = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, with a microphone that plays a beep and no question about it. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...QUIET_CHROMIUM, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
};

export function launchChromium(): Promise<Browser> {
  return chromium.launch(CHROMIUM);
}

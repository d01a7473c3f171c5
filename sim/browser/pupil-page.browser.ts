/** The pupil's page in a real browser, on a scripted client: what it shows, says and asks of the client. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatInvitation } from '../../agent/wire/invitation.ts';
import type { FakeClient } from '../console/pupil/fake-client.ts';
import { launchChromium } from './chromium.ts';
import { contrastFindings, controlFindings } from './page-checks.ts';
import { type ServedPage, servePupilPage } from './pupil-harness.ts';

let browser: Browser;
let served: ServedPage;
let page: Page;
/** Errors of the page, violations of its content security policy among them. */
let complaints: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([launchChromium(), servePupilPage()]);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

const invitation = {
  robot: 'deskmate-7',
  secret: 'A'.repeat(22),
  robotKey: 'A'.repeat(43),
  expires: 2_000_000_000,
  broker: 'ws://localhost:1/mqtt',
};

async function open(
  query: string,
  options: BrowserContextOptions = {},
  fragment = '',
): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${served.url}${query}${fragment}`);
}

const withInvitation = (options?: BrowserContextOptions) =>
  open('', options, formatInvitation('', invitation));

async function openInClass(
  options?: BrowserContextOptions,
  query = '&robot=desk-1',
): Promise<void> {
  await open(query, options);
  await page.click('#go');
  await page.waitForSelector('#stage');
  await page.waitForFunction(() => document.querySelector('video')?.videoWidth);
}

const calls = () => page.evaluate(() => window.deskmateFake?.calls ?? []);
const script = <T>(act: (fake: FakeClient, value: T) => void, value: T): Promise<void> =>
  page.evaluate(
    ([text, given]) => {
      const run = new Function('fake', 'value', `(${text})(fake, value)`);
      run(window.deskmateFake, given);
    },
    [act.toString(), value] as const,
  );
const focused = () => page.evaluate(() => document.activeElement?.id);

/** Tab until the element has the focus: what cannot be reached by keyboard is not there. */
async function tabTo(id: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if ((await focused()) === id) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`#${id} cannot be reached with Tab`);
}

describe('by keyboard alone', () => {
  it('goes from the invitation through class to the end', async () => {
    await withInvitation();
    await page.getByRole('heading', { level: 1, name: 'You have a place in class' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await tabTo('bind');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Do you want a PIN?' }).waitFor();
    await tabTo('new-pin');
    await page.keyboard.type('2468');
    await tabTo('new-pin-again');
    await page.keyboard.type('1357');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('not the same').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2468');
    await page.keyboard.press('Enter');

    await page.getByText('Your microphone works.').waitFor();
    await tabTo('go');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You are in class' }).waitFor();

    await tabTo('hand');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Hand is up (lower your hand)' }).waitFor();
    await tabTo('mood');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'mood-neutral');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('mood');
    expect(await calls()).toContain('mood happy');
    expect(await calls()).not.toContain('stop');

    await page.keyboard.press('l');
    await tabTo('leave-dialog-yes');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You have left the class' }).waitFor();
    await tabTo('to-start');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hello! What is your PIN?' }).waitFor();
    await tabTo('pin');
    await page.keyboard.type('1111\n');
    await page.getByRole('alert').getByText('That is not the PIN').waitFor();
    await page.keyboard.type('2468\n');
    await page.getByRole('heading', { name: 'Ready for class?' }).waitFor();
  });

  it('acts on keys, turns while an arrow is held, and stops when it is let go', async () => {
    await openInClass();
    for (const key of ['h', 'm', 'b', 'Shift+T', '3', 'n', 's', 'Escape', 'Home']) {
      await page.keyboard.press(key);
    }
    const asked = await calls();
    for (const call of [
      'hand true',
      'listenOnly true',
      'goPreset board',
      'storePreset teacher',
      'mood sad',
      'gesture nod',
      'gesture shake',
      'stop',
      'look 0.0 0.0',
    ]) {
      expect(asked).toContain(call);
    }
    await page.keyboard.down('ArrowLeft');
    await page.waitForTimeout(300);
    await page.keyboard.up('ArrowLeft');
    const turns = (await calls()).filter((call) => call.startsWith('lookRate'));
    expect(turns.length).toBeGreaterThan(3);
    expect(turns[0]).toBe('lookRate 20 0');
    expect(turns.at(-1)).toBe('lookRate 0 0');
  });

  it('lets letter keys be switched off', async () => {
    await openInClass();
    await page.keyboard.press('?');
    await tabTo('letter-keys');
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    await page.keyboard.press('Escape');
    expect(await calls()).not.toContain('hand true');
    expect(await calls()).toContain('stop');
  });
});

describe('with a finger', () => {
  it('looks to the left when the picture is dragged to the right, by what was dragged', async () => {
    await openInClass({ viewport: { width: 1024, height: 768 } });
    await page.mouse.move(400, 300);
    await page.mouse.down();
    await page.mouse.move(600, 300, { steps: 8 });
    await page.waitForTimeout(500);
    await page.mouse.up();
    const looks = (await calls()).filter((call) => call.startsWith('look '));
    const [, pan] = (looks.at(-1) ?? '').split(' ').map(Number);
    expect(pan).toBeGreaterThan(10);
    expect(pan).toBeLessThan(25);
    expect((await calls()).some((call) => call.startsWith('tap'))).toBe(false);
  });

  it('sends the place of a tap in the picture', async () => {
    await openInClass({ viewport: { width: 1024, height: 768 } });
    const box = await page.locator('#picture').boundingBox();
    if (!box) throw new Error('no picture');
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.4);
    expect(await calls()).toContain('tap 0.75 0.40');
  });

  it('stores a view by a long press, and goes to it by a short one', async () => {
    await openInClass();
    await page.click('#preset-board', { delay: 800 });
    await page.getByText('Saved: Board.').waitFor();
    await page.click('#preset-class');
    const asked = await calls();
    expect(asked).toContain('storePreset board');
    expect(asked).not.toContain('goPreset board');
    expect(asked).toContain('goPreset class');
  });
});

describe('what happens in class', () => {
  it('blacks out a pause, says that the place is kept, and comes back', async () => {
    await openInClass();
    await script((fake) => fake.change({ phase: 'paused' }), undefined);
    await page.getByRole('heading', { name: 'The teacher has paused the robot' }).waitFor();
    await page.getByText('You are still in class. Picture and sound').waitFor();
    const visibility = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector('#picture') ?? document.body).visibility,
      );
    expect(await visibility()).toBe('hidden');
    await expectSaid('The teacher has paused the robot. You are still in class.');
    await script((fake) => fake.change({ phase: 'live' }), undefined);
    await page.locator('#veil').waitFor({ state: 'hidden' });
    expect(await visibility()).toBe('visible');
  });

  it('shows that the teacher saw the hand, and says it', async () => {
    await openInClass();
    await script((fake) => fake.change({ hand: 'up' }), undefined);
    await script((fake) => fake.change({ hand: 'acknowledged' }), undefined);
    await page.getByRole('button', { name: 'Teacher saw it' }).waitFor();
    await expectSaid('Your teacher has seen your hand.');
  });

  it('tells whether the class hears, in words', async () => {
    await openInClass();
    const heard = page.getByRole('group', { name: 'Does the class hear you?' });
    await heard.getByText('They hear you well').waitFor();
    await script(
      (fake) => fake.emit('heard', { verdict: 'quiet', voiceDb: -50, roomDb: -45 }),
      undefined,
    );
    await heard.getByText('Hard to hear: talk a bit louder').waitFor();
  });

  it('keeps the place while the connection is found again', async () => {
    await openInClass();
    await script((fake) => fake.connect({ name: 'reconnecting', attempt: 2 }), undefined);
    await page.getByText('We try again by ourselves (try 2).').waitFor();
    await script((fake) => fake.connect({ name: 'inClass' }), undefined);
    await page.locator('#veil').waitFor({ state: 'hidden' });
  });

  it('explains the latency on demand', async () => {
    await openInClass();
    await page.getByRole('button', { name: 'Connection: Good 84 ms' }).click();
    await page.getByText('A blink of an eye takes about 150 milliseconds.').waitFor();
  });

  it('changes the language without leaving class', async () => {
    await openInClass();
    await page.click('#help');
    await page.selectOption('#language', 'sv');
    await page.getByRole('button', { name: 'Räck upp handen' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('sv');
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(false);
    expect(await calls()).not.toContain('leave');
  });
});

describe('when it does not go well', () => {
  it('says why an invitation is refused and lets try again', async () => {
    await withInvitation();
    await script((fake) => {
      fake.refuseBind = 'invitationUsed';
    }, undefined);
    await page.click('#bind');
    await page.getByRole('alert').getByText('This invitation was used before').waitFor();
    expect(await page.isEnabled('#bind')).toBe(true);
  });

  it('says that somebody else is in class', async () => {
    await open('&robot=desk-1');
    await script((fake) => {
      fake.stopAt = { name: 'refused', reason: 'inUse' };
    }, undefined);
    await page.click('#go-listening');
    await page
      .getByRole('heading', { name: 'Somebody else is in class with this robot' })
      .waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('lets just listen when there is no microphone, and says so', async () => {
    await open('&robot=desk-1');
    await page.getByText('Your microphone works.').waitFor();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.selectOption('#language', 'en');
    await page.selectOption('#language', 'nl');
    await page.selectOption('#language', 'en');
    await page.click('#go-listening');
    await page.waitForSelector('#stage');
    expect(await calls()).toContain('join listening');
    expect(await calls()).toContain('listenOnly true');
    await page.click('#listen');
    await page.getByRole('heading', { name: 'To talk, your microphone is needed' }).waitFor();
  });

  it('says that a cut link is cut', async () => {
    await open('', {}, '#r=desk-1');
    await page.getByRole('heading', { name: 'This link is not complete' }).waitFor();
  });
});

const SCREENS: readonly [string, number, number][] = [
  ['phone standing', 360, 740],
  ['phone lying', 740, 360],
  ['tablet lying', 1024, 768],
  ['tablet standing', 768, 1024],
  ['tablet at 200 %', 512, 384],
  ['desktop', 1440, 900],
];

describe.each(SCREENS)('%s', (_name, width, height) => {
  it.each([
    ['nl-NL', 'light'],
    ['sv-SE', 'dark'],
    ['en-GB', 'light'],
  ] as const)('fits and can be read in %s, %s', async (locale, colorScheme) => {
    // Measured at rest: colours on their way to others are neither.
    const device = {
      viewport: { width, height },
      hasTouch: true,
      reducedMotion: 'reduce',
    } as const;
    await withInvitation({ ...device, locale, colorScheme });
    await page.waitForSelector('#bind');
    await expectWell('invited');
    await page.click('#bind');
    await page.waitForSelector('#pin-skip');
    await expectWell('pin');
    await page.click('#pin-skip');
    await page.waitForSelector('#microphone-level');
    await expectWell('lobby');
    await page.click('#go');
    await page.waitForSelector('#stage');
    await expectWell('class');
    await script(
      (fake) =>
        fake.change({
          hand: 'acknowledged',
          listenOnly: true,
          problems: ['noMotion', 'batteryLow'],
        }),
      undefined,
    );
    await expectWell('class with problems');
    for (const opener of ['mood', 'store', 'sound', 'quality']) {
      await page.click(`#${opener}`);
      await expectWell(opener);
      await page.keyboard.press('Escape');
    }
    await page.click('#help');
    await expectWell('help');
    await page.keyboard.press('Escape');
    await script((fake) => fake.change({ phase: 'paused' }), undefined);
    await expectWell('paused');
  });
});

async function expectWell(screen: string): Promise<void> {
  expect(await controlFindings(page), screen).toEqual([]);
  expect(await contrastFindings(page), screen).toEqual([]);
}

/** What screen readers are told. */
async function expectSaid(text: string): Promise<void> {
  await page.waitForFunction(
    (words) => document.querySelector('#announcer')?.textContent === words,
    text,
  );
}

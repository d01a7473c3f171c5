/** The pupil's page in a real browser, on a scripted client: what it shows, says and asks of the client. */
import { describe, expect, it } from 'vitest';
import { pupilVisits } from '../testing/pupil-visits.ts';

const open = pupilVisits();

describe('by keyboard alone', () => {
  it('goes from the invitation through class to the end', async () => {
    const visit = await open((pages) => pages.withInvitation());
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'You have a place in class' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await visit.tabTo('bind');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Do you want a PIN?' }).waitFor();
    await visit.tabTo('new-pin');
    await page.keyboard.type('2468');
    await visit.tabTo('new-pin-again');
    await page.keyboard.type('1357');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('not the same').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2468');
    await page.keyboard.press('Enter');

    await page.getByText('Your microphone works.').waitFor();
    await visit.tabTo('go');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You are in class' }).waitFor();

    await visit.tabTo('hand');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Hand is up (lower your hand)' }).waitFor();
    await visit.tabTo('mood');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'mood-neutral');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    expect(await visit.focused()).toBe('mood');
    expect(await visit.calls()).toContain('mood happy');
    expect(await visit.calls()).not.toContain('stop');

    await page.keyboard.press('l');
    await visit.tabTo('leave-dialog-yes');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You have left the lesson' }).waitFor();
    await visit.tabTo('to-start');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hello! What is your PIN?' }).waitFor();
    await visit.tabTo('pin');
    await page.keyboard.type('1111\n');
    await page.getByRole('alert').getByText('That is not the PIN').waitFor();
    await page.keyboard.type('2468\n');
    await page.getByRole('heading', { name: 'Ready for class?' }).waitFor();
  });

  it('acts on keys, turns while an arrow is held, and stops when it is let go', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    for (const key of ['h', 'm', 'b', 'Shift+T', '3', 'n', 's', 'Escape', 'Home']) {
      await page.keyboard.press(key);
    }
    const asked = await visit.calls();
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
    const turns = (await visit.calls()).filter((call) => call.startsWith('lookRate'));
    expect(turns.length).toBeGreaterThan(3);
    expect(turns[0]).toBe('lookRate 20 0');
    expect(turns.at(-1)).toBe('lookRate 0 0');
  });

  it('lets letter keys be switched off', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await page.keyboard.press('?');
    await visit.tabTo('letter-keys');
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    await page.keyboard.press('Escape');
    expect(await visit.calls()).not.toContain('hand true');
    expect(await visit.calls()).toContain('stop');
  });
});

describe('with a finger', () => {
  it('looks to the left when the picture is dragged to the right, by what was dragged', async () => {
    const visit = await open((pages) => pages.inClass({ viewport: { width: 1024, height: 768 } }));
    const { page } = visit;
    await page.mouse.move(400, 300);
    await page.mouse.down();
    await page.mouse.move(600, 300, { steps: 8 });
    await page.waitForTimeout(500);
    await page.mouse.up();
    const looks = (await visit.calls()).filter((call) => call.startsWith('look '));
    const [, pan] = (looks.at(-1) ?? '').split(' ').map(Number);
    expect(pan).toBeGreaterThan(10);
    expect(pan).toBeLessThan(25);
    expect((await visit.calls()).some((call) => call.startsWith('tap'))).toBe(false);
  });

  it('sends the place of a tap in the picture', async () => {
    const visit = await open((pages) => pages.inClass({ viewport: { width: 1024, height: 768 } }));
    const { page } = visit;
    const box = await page.locator('#picture').boundingBox();
    if (!box) throw new Error('no picture');
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.4);
    expect(await visit.calls()).toContain('tap 0.75 0.40');
  });

  it('stores a view by a long press, and goes to it by a short one', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await page.click('#preset-board', { delay: 800 });
    await page.getByText('Saved: Board.').waitFor();
    await page.click('#preset-class');
    const asked = await visit.calls();
    expect(asked).toContain('storePreset board');
    expect(asked).not.toContain('goPreset board');
    expect(asked).toContain('goPreset class');
  });
});

describe('what happens in class', () => {
  it('blacks out a pause, says that the place is kept, and comes back', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await visit.change({ phase: 'paused' });
    await page.getByRole('heading', { name: 'The teacher has paused the robot' }).waitFor();
    await page.getByText('You are still in class. Picture and sound').waitFor();
    const visibility = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector('#picture') ?? document.body).visibility,
      );
    expect(await visibility()).toBe('hidden');
    await visit.said('The teacher has paused the robot. You are still in class.');
    await visit.change({ phase: 'live' });
    await page.locator('#veil').waitFor({ state: 'hidden' });
    expect(await visibility()).toBe('visible');
  });

  it('shows that the teacher saw the hand, and says it', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await visit.change({ hand: 'up' });
    await visit.change({ hand: 'acknowledged' });
    await page.getByRole('button', { name: 'Teacher saw it' }).waitFor();
    await visit.said('Your teacher has seen your hand.');
  });

  it('tells whether the class hears, in words', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    const heard = page.getByRole('group', { name: 'Does the class hear you?' });
    await heard.getByText('They hear you well').waitFor();
    await visit.heard('quiet');
    await heard.getByText('Hard to hear: talk a bit louder').waitFor();
  });

  it('keeps the place while the connection is found again', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await visit.connect({ name: 'reconnecting', attempt: 2 });
    await page.getByText('We try again by ourselves (try 2).').waitFor();
    await visit.connect({ name: 'inClass' });
    await page.locator('#veil').waitFor({ state: 'hidden' });
  });

  it('explains the latency on demand', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await page.getByRole('button', { name: 'Connection: Good 84 ms' }).click();
    await page.getByText('A blink of an eye takes about 150 milliseconds.').waitFor();
  });

  it('changes the language without leaving class', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await visit.change({ hand: 'up' });
    await visit.said('Your hand is up.');
    await page.click('#help');
    await page.selectOption('#language', 'sv');
    // Nobody finds a sentence of the language before when walking through the page.
    expect(await page.locator('#announcer').textContent()).not.toContain('Your hand');
    await page.getByRole('button', { name: 'Handen är uppe' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('sv');
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(false);
    expect(await visit.calls()).not.toContain('leave');
  });
});

describe('when it does not go well', () => {
  it('says why an invitation is refused and lets try again', async () => {
    const visit = await open((pages) => pages.withInvitation());
    const { page } = visit;
    await visit.script({ refuseBind: 'invitationUsed' });
    await page.click('#bind');
    await page.getByRole('alert').getByText('This invitation was used before').waitFor();
    expect(await page.isEnabled('#bind')).toBe(true);
  });

  it('says that somebody else is in class', async () => {
    const visit = await open((pages) => pages.visit('&robot=desk-1'));
    const { page } = visit;
    await visit.script({ stopAt: { name: 'refused', reason: 'inUse' } });
    await page.click('#go-listening');
    await page
      .getByRole('heading', { name: 'Somebody else is in class with this robot' })
      .waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('says that the microphone is off, sends nobody in muted, and lets just listen', async () => {
    const visit = await open((pages) => pages.withoutMicrophone('NotAllowedError'));
    const { page } = visit;
    await page.click('#go');
    await page.getByText('The microphone is off for this page.').waitFor();
    expect(await visit.calls()).toEqual([]);
    await page.click('#go-listening');
    await page.waitForSelector('#stage');
    expect(await visit.calls()).toEqual(['join listening', 'listenOnly true']);
    await page
      .getByRole('group', { name: 'Does the class hear you?' })
      .getByText('Just listening')
      .waitFor();
    await page.click('#listen');
    await page.getByRole('heading', { name: 'To talk, your microphone is needed' }).waitFor();
  });

  it('goes on listening when the microphone is unplugged, and says so', async () => {
    const visit = await open((pages) => pages.inClass());
    await visit.unplugMicrophone();
    await visit.page.locator('#problems').getByText('You are just listening now.').waitFor();
    expect(await visit.calls()).toContain('listenOnly true');
  });

  it('says that a cut link is cut', async () => {
    const visit = await open((pages) => pages.visit('', {}, '#r=desk-1'));
    const { page } = visit;
    await page.getByRole('heading', { name: 'This link is not complete' }).waitFor();
  });
});

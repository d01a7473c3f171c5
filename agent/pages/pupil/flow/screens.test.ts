import { describe, expect, it } from 'vitest';
import type { Binding } from '../../../client/api.ts';
import type { Invitation } from '../../../wire/invitation.ts';
import { type FlowEvent, nextScreen, type Screen } from './screens.ts';

const robot = (name: string): Binding => ({
  robot: name,
  robotKey: 'k'.repeat(43),
  broker: 'ws://school/mqtt',
});
const one = robot('one');
const invitation: Invitation = { ...one, secret: 's'.repeat(22), expires: 1 };
const none = { kind: 'none' } as const;
const opening: Screen = { name: 'opening' };

const walk = (start: Screen, ...events: FlowEvent[]): Screen => events.reduce(nextScreen, start);

describe('opening the page', () => {
  it('goes nowhere in a browser that cannot come to class', () => {
    const unfit = walk(opening, { kind: 'unfit', why: 'noCalls' });
    expect(unfit).toEqual({ name: 'unfit', why: 'noCalls' });
    expect(walk(unfit, { kind: 'setOut' }, { kind: 'binding' })).toBe(unfit);
  });

  it('binds with an invitation, offers a PIN once, and comes to the lobby', () => {
    const link = { kind: 'invitation', invitation } as const;
    const invited = walk(opening, { kind: 'opened', link, bindings: [], locked: false });
    expect(invited).toMatchObject({ name: 'invited', busy: false });
    const offered = walk(
      invited,
      { kind: 'binding' },
      { kind: 'bound', binding: one, pinExists: false },
    );
    expect(offered.name).toBe('newPin');
    expect(walk(offered, { kind: 'pinDone' })).toEqual({ name: 'lobby', binding: one });
    const again = walk(invited, { kind: 'bound', binding: one, pinExists: true });
    expect(again.name).toBe('lobby');
  });

  it('stays at the invitation and says why when it is refused', () => {
    const link = { kind: 'invitation', invitation } as const;
    const refused = walk(
      opening,
      { kind: 'opened', link, bindings: [], locked: false },
      { kind: 'binding' },
      { kind: 'bindFailed', reason: 'invitationUsed' },
    );
    expect(refused).toMatchObject({ name: 'invited', busy: false, problem: 'invitationUsed' });
  });

  it('unlocks first, then uses the invitation that waited', () => {
    const link = { kind: 'invitation', invitation } as const;
    const locked = walk(opening, { kind: 'opened', link, bindings: [], locked: true });
    expect(locked.name).toBe('unlock');
    expect(walk(locked, { kind: 'unlocked', bindings: [one] }).name).toBe('invited');
  });

  it.each([
    [[], 'noRobot'],
    [[one], 'lobby'],
    [[one, robot('two')], 'choose'],
  ])('goes on by how many robots there are', (bindings, name) => {
    const opened = walk(opening, { kind: 'opened', link: none, bindings, locked: false });
    expect(opened.name).toBe(name);
    const locked = walk(opening, { kind: 'opened', link: none, bindings: [], locked: true });
    expect(walk(locked, { kind: 'unlocked', bindings }).name).toBe(name);
  });

  it('says so when the link is cut', () => {
    const link = { kind: 'unreadable' } as const;
    expect(walk(opening, { kind: 'opened', link, bindings: [one], locked: true }).name).toBe(
      'badLink',
    );
  });
});

describe('the way to class', () => {
  const lobby: Screen = { name: 'lobby', binding: one };
  const connection = (state: Extract<FlowEvent, { kind: 'connection' }>['state']): FlowEvent => ({
    kind: 'connection',
    state,
  });

  it('shows each step, then the class', () => {
    const joining = walk(
      lobby,
      { kind: 'setOut' },
      connection({ name: 'handshaking' }),
      connection({ name: 'joining' }),
    );
    expect(joining).toMatchObject({ name: 'travel', step: 'joining' });
    expect(walk(joining, connection({ name: 'inClass' })).name).toBe('class');
  });

  it('stays in class through a lost connection and back', () => {
    const inClass: Screen = { name: 'class', binding: one };
    for (const state of [
      { name: 'reconnecting', attempt: 1 },
      { name: 'joining' },
      { name: 'inClass' },
    ] as const) {
      expect(walk(inClass, connection(state))).toBe(inClass);
    }
  });

  it('ends with the reason, whether refused or over', () => {
    const inUse = connection({ name: 'refused', reason: 'inUse' });
    expect(walk(lobby, { kind: 'setOut' }, inUse)).toMatchObject({
      name: 'over',
      outcome: { kind: 'refused', reason: 'inUse' },
    });
    const ended = connection({ name: 'ended', why: 'takenOver' });
    expect(walk({ name: 'class', binding: one }, ended)).toMatchObject({
      name: 'over',
      outcome: { kind: 'ended', why: 'takenOver' },
    });
  });

  it('goes on in another tab: over here, and nothing elsewhere', () => {
    expect(walk({ name: 'class', binding: one }, { kind: 'wentToTab' })).toEqual({
      name: 'over',
      binding: one,
      outcome: { kind: 'otherTab' },
    });
    expect(walk(lobby, { kind: 'wentToTab' })).toBe(lobby);
  });

  it('ignores news of a lesson that was left', () => {
    const late = connection({ name: 'ended', why: 'hangUp' });
    expect(walk(lobby, late)).toBe(lobby);
    expect(walk(lobby, { kind: 'joinFailed', reason: 'failed' })).toBe(lobby);
  });
});

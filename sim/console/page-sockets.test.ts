import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { jsonOf } from '../../hal/common/json.ts';
import { GOOD_NETWORK } from '../network/bad-link.ts';
import { SimClock } from '../time/sim-clock.ts';
import { WorldCommand } from '../world/schema.ts';
import { World } from '../world/world.ts';
import { MAX_PAGE_BYTES, PageCommand, PageMessage, type SimStatus } from './messages.ts';
import { type LauncherCommand, PageSockets } from './page-sockets.ts';

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly heard: PageMessage[] = [];

  send(text: string): void {
    this.heard.push(PageMessage.parse(JSON.parse(text)));
  }

  terminate(): void {
    this.emit('close');
  }

  say(value: unknown, binary = false): void {
    this.emit(
      'message',
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      binary,
    );
  }

  get refusals(): unknown[] {
    return this.heard.filter(({ kind }) => kind === 'refused');
  }
}

const status: SimStatus = {
  ...{ kind: 'status', version: '1', robot: 'sim-1', ready: true, upSeconds: 1, processes: [] },
  broker: { up: true, refusals: {} },
  life: null,
  network: { setting: GOOD_NETWORK, unavailable: null, carried: 0, dropped: 0 },
  warnings: [],
};

let clock: SimClock;
let world: World;
let launched: LauncherCommand[];
let pages: PageSockets;

beforeEach(() => {
  clock = new SimClock();
  world = new World({ clock, seed: 1 });
  launched = [];
  pages = new PageSockets(clock, {
    scene: () => ({ kind: 'scene', world: world.snapshot(), commanded: null }),
    status: () => status,
    toWorld: (command) => world.apply(WorldCommand.parse(command)),
    toLauncher: (command) => {
      launched.push(command);
      return command.kind !== 'kill';
    },
  });
});

function page(): FakeSocket {
  const socket = new FakeSocket();
  pages.take(socket as unknown as WebSocket);
  return socket;
}

describe('what a page is told', () => {
  it('is told all at once, then the scene 30 times a second and the status each second', async () => {
    const socket = page();
    expect(socket.heard.map(({ kind }) => kind)).toEqual(['status', 'scene']);
    await clock.advance(1_000);
    expect(socket.heard.filter(({ kind }) => kind === 'scene').length).toBeCloseTo(31, -1);
    expect(socket.heard.filter(({ kind }) => kind === 'status')).toHaveLength(2);
  });

  it('spares a page that cannot keep up', async () => {
    const socket = page();
    socket.bufferedAmount = 1_000_000;
    await clock.advance(1_000);
    expect(socket.heard).toHaveLength(2);
  });
});

describe('what a page may ask', () => {
  it('presses, pushes and breaks', () => {
    const socket = page();
    socket.say({ kind: 'button', seq: 1, name: 'teacher', pressed: true });
    socket.say({ kind: 'fault', seq: 2, name: 'panStall', on: true });
    expect(world.snapshot()).toMatchObject({ buttons: { teacher: true }, faults: ['panStall'] });
    socket.say({ kind: 'broker', seq: 3, up: false });
    expect(launched).toEqual([{ kind: 'broker', seq: 3, up: false }]);
    expect(socket.refusals).toEqual([]);
  });

  it('lets go of a button when the page goes away with a finger on it', () => {
    const socket = page();
    socket.say({ kind: 'button', seq: 1, name: 'pair', pressed: true });
    socket.emit('close');
    expect(world.snapshot().buttons.pair).toBe(false);
  });

  it('is refused with a reason: what drivers alone may do, too long, binary, not possible', () => {
    const socket = page();
    socket.say({ kind: 'switch', seq: 7, name: 'cameraRail', on: true });
    socket.say({ kind: 'lights', seq: 8, ring: [1, 1, 1], hand: 1 });
    socket.say(' '.repeat(MAX_PAGE_BYTES + 1));
    socket.say({ kind: 'kill', seq: 9, process: 'agent' }, true);
    socket.say({ kind: 'kill', seq: 10, process: 'agent' });
    expect(socket.refusals).toEqual([
      { kind: 'refused', seq: 7, reason: 'malformed' },
      { kind: 'refused', seq: 8, reason: 'malformed' },
      { kind: 'refused', seq: null, reason: 'tooLong' },
      { kind: 'refused', seq: null, reason: 'malformed' },
      { kind: 'refused', seq: 10, reason: 'notPossible' },
    ]);
    expect(world.snapshot().cameraRail).toBe(false);
  });

  it('is refused above forty commands a second, and heard again in the next', async () => {
    const socket = page();
    for (let seq = 0; seq < 60; seq++) socket.say({ kind: 'charger', seq, plugged: true });
    expect(socket.refusals).toHaveLength(20);
    await clock.advance(1_000);
    socket.say({ kind: 'charger', seq: 61, plugged: false });
    expect(socket.refusals).toHaveLength(20);
  });
});

describe('garbage', () => {
  it('is refused and changes nothing', () => {
    const before = JSON.stringify(world.snapshot());
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          kind: fc.constantFrom('button', 'fault', 'network', 'constructor'),
          seq: fc.anything(),
        })
        .map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(anything, (text) => {
        fc.pre(!isCommand(text));
        const socket = page();
        socket.say(text);
        expect(socket.refusals).toHaveLength(1);
        socket.terminate();
      }),
    );
    expect(JSON.stringify(world.snapshot())).toBe(before);
    expect(launched).toEqual([]);
  });
});

const isCommand = (text: string): boolean => PageCommand.safeParse(jsonOf(text)).success;

import { expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FaultBoard } from './fault-board.ts';

function setUp() {
  const clock = new SimClock();
  const told: string[] = [];
  const board = new FaultBoard(clock, (codes) => told.push(codes.join()));
  return { clock, told, board };
}

it('tells faults of all sources together when they stay, and when they are gone', async () => {
  const { clock, told, board } = setUp();
  board.set('body', ['panStall']);
  board.set('media', ['camera']);
  await clock.advance(2_000);
  board.set('body', []);
  await clock.advance(2_000);
  expect(told).toEqual(['camera,panStall', 'camera']);
});

it('keeps a flicker to itself, and is not kept from telling by it', async () => {
  const { clock, told, board } = setUp();
  board.set('body', ['panStall']);
  for (let i = 0; i < 30; i++) {
    board.set('body', i % 2 === 0 ? ['panStall', 'loopLate'] : ['panStall']);
    await clock.advance(100);
  }
  expect(told).toEqual(['panStall']);
});

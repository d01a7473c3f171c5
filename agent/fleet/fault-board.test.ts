import { expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FaultBoard } from './fault-board.ts';

function setUp() {
  const clock = new SimClock();
  const reported: string[] = [];
  const board = new FaultBoard(clock, (codes) => reported.push(codes.join()));
  return { clock, reported, board };
}

it('reports lasting faults of all sources together, and their end', async () => {
  const { clock, reported, board } = setUp();
  board.set('body', ['panStall']);
  board.set('media', ['camera']);
  await clock.advance(2_000);
  board.set('body', []);
  await clock.advance(2_000);
  expect(reported).toEqual(['camera,panStall', 'camera']);
});

it('does not report flickering faults, nor delays others for them', async () => {
  const { clock, reported, board } = setUp();
  board.set('body', ['panStall']);
  for (let i = 0; i < 30; i++) {
    board.set('body', i % 2 === 0 ? ['panStall', 'loopLate'] : ['panStall']);
    await clock.advance(100);
  }
  expect(reported).toEqual(['panStall']);
});

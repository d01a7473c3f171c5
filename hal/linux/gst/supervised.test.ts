import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { FakePrograms } from '../../fake/child.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { MediaState } from '../../ports/media.ts';
import { NotYet, type PipelinePlan, SupervisedPipeline, type Transition } from './supervised.ts';

const times = { open: 3_000, first: 2_000, next: 300, again: 1_000, grace: 200, gone: 1_500 };

function makeBench(silence: string | undefined = undefined) {
  const clock = new SimClock();
  const programs = new FakePrograms();
  const told: { state: MediaState; why: string }[] = [];
  const transitions: Transition[] = [];
  const pipeline = new SupervisedPipeline({
    programs,
    clock,
    name: 'test',
    times,
    onState: (state, why) => told.push({ state, why }),
    onTransition: (transition) => transitions.push(transition),
    explainSilence: () => silence,
  });
  const plan = (command = 'one'): PipelinePlan => ({
    command,
    args: [],
    pipes: [],
    explain: (lines, end) => `${lines.at(-1) ?? 'no word'} (${end.code})`,
  });
  const run = (command?: string) => pipeline.start(async () => plan(command));
  const flow = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      pipeline.alive();
      await clock.advance(50);
    }
  };
  return { clock, programs, told, transitions, pipeline, plan, run, flow };
}

const states = (told: readonly { state: MediaState }[]) => told.map(({ state }) => state);

describe('a supervised pipeline', () => {
  it('waits, runs while data flows, and ends when it is stopped', async () => {
    const it = makeBench();
    it.run();
    await it.clock.advance(100);
    await it.flow(1_000);
    await it.pipeline.stop();
    expect(states(it.told)).toEqual(['waiting', 'running', 'idle']);
    expect(it.programs.latest.stoppedWithMs).toBe(200);
    expect(it.programs.alive).toHaveLength(0);
    expect(it.transitions[0]).toEqual({
      machine: 'test',
      from: 'stopped',
      event: 'start',
      to: 'opening',
    });
  });

  it('says why it ended, tries again after longer and longer pauses, and tells the fault once', async () => {
    const it = makeBench();
    const startedMs: number[] = [];
    it.programs.onStart((child) => {
      startedMs.push(it.clock.now());
      child.logLine('the device is gone');
      child.exit(255);
    });
    it.run();
    await it.clock.advance(20_000);
    const gaps = startedMs.slice(1).map((at, i) => at - (startedMs[i] ?? 0));
    expect(gaps.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(it.told).toEqual([
      { state: 'waiting', why: 'no data yet' },
      { state: 'fault', why: 'the device is gone (255)' },
    ]);
  });

  it('recovers, and forgets its failures once data has flowed for a while', async () => {
    const it = makeBench();
    it.run();
    await it.clock.advance(10);
    it.programs.latest.exit(1);
    await it.clock.advance(500);
    await it.flow(6_000);
    it.programs.latest.exit(1);
    await it.clock.advance(499);
    expect(it.programs.children).toHaveLength(2);
    await it.clock.advance(2);
    expect(it.programs.children).toHaveLength(3);
    expect(states(it.told)).toEqual(['waiting', 'fault', 'running', 'fault']);
  });

  it('tries at once when the device is said to be back', async () => {
    const it = makeBench();
    it.programs.refusal = new HardwareFault('noAnswer', 'camera', 'is not there');
    it.run();
    await it.clock.advance(10_000);
    expect(it.told.at(-1)).toEqual({ state: 'fault', why: 'camera: is not there' });
    it.programs.refusal = undefined;
    it.pipeline.changed();
    await it.clock.advance(0);
    expect(it.programs.alive).toHaveLength(1);
  });

  it('waits for a device whose power may be off, and does not call that a fault', async () => {
    const it = makeBench();
    let powered = false;
    it.pipeline.start(async () => {
      if (!powered) throw new NotYet('no camera yet');
      return it.plan();
    });
    await it.clock.advance(5_000);
    powered = true;
    await it.clock.advance(3_000);
    it.pipeline.alive();
    expect(states(it.told)).toEqual(['waiting', 'running']);
  });

  it('waits when data stops, then replaces a process that stays silent', async () => {
    const it = makeBench();
    it.run();
    await it.clock.advance(10);
    await it.flow(500);
    await it.clock.advance(400);
    expect(states(it.told)).toEqual(['waiting', 'running', 'waiting']);
    await it.clock.advance(400);
    it.pipeline.alive();
    expect(it.told.at(-1)?.state).toBe('running');
    await it.clock.advance(1_400);
    expect(it.programs.children[0]?.stoppedWithMs).toBe(200);
    await it.clock.advance(600);
    expect(it.programs.alive).toHaveLength(1);
    expect(states(it.told)).not.toContain('fault');
  });

  it('calls silence a fault where the device has no switch of its own', async () => {
    const it = makeBench('is there, but gives nothing');
    it.run();
    await it.clock.advance(2_100);
    expect(it.told.at(-1)).toEqual({ state: 'fault', why: 'is there, but gives nothing' });
    expect(it.programs.children[0]?.end).toBeDefined();
  });

  it('starts the next one only when the last is gone, however long that takes', async () => {
    const it = makeBench();
    it.programs.obeying = false;
    it.run('one');
    await it.clock.advance(100);
    it.run('two');
    it.run('three');
    await it.clock.advance(1_000);
    expect(it.programs.children).toHaveLength(1);
    it.programs.latest.kill();
    await it.clock.advance(0);
    expect(it.programs.children).toHaveLength(2);
    expect(it.programs.latest.plan.command).toBe('three');
  });

  it.each(['living', 'failing'] as const)(
    'ends the wait for its stop when it is started at once again, the new one %s',
    async (next) => {
      const it = makeBench();
      it.run('one');
      await it.clock.advance(100);
      const order: string[] = [];
      void it.pipeline.stop().then(() => order.push(`stopped, ${it.programs.children[0]?.end}`));
      if (next === 'failing')
        it.programs.refusal = new HardwareFault('noAnswer', 'test', 'is not installed');
      it.run('two');
      await it.clock.advance(500);
      expect(order).toHaveLength(1);
      expect(order[0]).not.toContain('undefined');
      expect(it.programs.alive).toHaveLength(next === 'living' ? 1 : 0);
    },
  );

  it('is stopped while its plan is being made: nothing is started', async () => {
    const it = makeBench();
    let resolve: (plan: PipelinePlan) => void = () => {};
    it.pipeline.start(
      () =>
        new Promise((settle) => {
          resolve = settle;
        }),
    );
    const stopped = it.pipeline.stop();
    resolve(it.plan());
    await stopped;
    expect(it.programs.children).toHaveLength(0);
    expect(it.pipeline.state).toBe('idle');
  });

  it.each(['a plan', 'a program'])(
    'calls it a fault when %s does not come, and tries again',
    async (what) => {
      const it = makeBench();
      let hangs = true;
      it.programs.stuck = what === 'a program';
      it.pipeline.start(async () => {
        if (hangs && what === 'a plan') await new Promise(() => {});
        return it.plan();
      });
      await it.clock.advance(3_001);
      expect(it.told.at(-1)).toMatchObject({
        state: 'fault',
        why: expect.stringMatching(/^test: does not open/),
      });
      hangs = false;
      it.programs.stuck = false;
      await it.clock.advance(3_000);
      expect(it.programs.alive).toHaveLength(1);
      it.pipeline.alive();
      expect(it.told.at(-1)?.state).toBe('running');
    },
  );

  it('ends a stop while the plan or the program does not come', async () => {
    const it = makeBench();
    it.programs.stuck = true;
    it.run();
    await it.clock.advance(10);
    let stopped = false;
    void it.pipeline.stop().then(() => {
      stopped = true;
    });
    await it.clock.advance(1_701);
    expect(stopped).toBe(true);
    expect(it.pipeline.state).toBe('idle');
  });

  it('a process that cannot even be killed is left behind: a fault, tried again, and no stop waits for it', async () => {
    const it = makeBench('is there, but gives nothing');
    it.programs.obeying = false;
    it.run();
    await it.clock.advance(100);
    await it.flow(500);
    const [held] = it.programs.children;
    it.pipeline.broken('garbage');
    it.programs.obeying = true;
    await it.clock.advance(1_701);
    expect(it.pipeline.state).toBe('fault');
    expect(held?.end).toBeUndefined();
    expect(held?.stoppedWithMs).toBe(0);
    await it.clock.advance(1_000);
    expect(it.programs.children).toHaveLength(2);
    it.pipeline.alive();
    // What becomes of the old one is not taken for the new one's end.
    held?.kill();
    await it.clock.advance(10);
    expect(it.pipeline.state).toBe('running');
    it.programs.latest.stop = () => new Promise(() => {});
    let stopped = false;
    void it.pipeline.stop().then(() => {
      stopped = true;
    });
    await it.clock.advance(1_701);
    expect(stopped).toBe(true);
  });

  it('never has two processes, and none after stop, whatever happens in whatever order', async () => {
    const act = fc.constantFrom(
      'start',
      'stop',
      'data',
      'exit',
      'changed',
      'pass',
      'refuse',
      'long',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const it = makeBench('silent');
        for (const next of acts) {
          if (next === 'start') it.run();
          else if (next === 'stop') void it.pipeline.stop();
          else if (next === 'data') it.pipeline.alive();
          else if (next === 'exit') it.programs.alive[0]?.exit(1);
          else if (next === 'changed') it.pipeline.changed();
          else if (next === 'refuse')
            it.programs.refusal = it.programs.refusal
              ? undefined
              : new HardwareFault('noAnswer', 'test', 'is not installed');
          else await it.clock.advance(next === 'pass' ? 70 : 3_000);
          expect(it.programs.alive.length).toBeLessThanOrEqual(1);
        }
        const stopped = it.pipeline.stop();
        await it.clock.advance(500);
        await stopped;
        expect(it.programs.alive).toHaveLength(0);
        expect(['idle', undefined]).toContain(it.told.at(-1)?.state);
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import {
  type Child,
  type Exit,
  FIRST_BACKOFF_MS,
  KILL_AFTER_MS,
  MAX_BACKOFF_MS,
  PROVEN_MS,
  Supervisor,
  stopInOrder,
} from './supervisor.ts';

/** A process that does as it is told, or does not listen. */
class FakeChild implements Child {
  readonly signals: string[] = [];
  private exit: (exit: Exit) => void = () => {};

  constructor(
    readonly pid: number,
    private readonly deaf: boolean,
  ) {}

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(name);
    if (name === 'SIGKILL' || !this.deaf) this.die(name);
  }

  onExit(listener: (exit: Exit) => void): void {
    this.exit = listener;
  }

  die(how = 'exit code 1', lasting = false): void {
    this.exit({ how, lasting });
  }
}

function setUp({ deaf = false, name = 'agent', ends = [] as string[] } = {}) {
  const clock = new SimClock();
  const children: FakeChild[] = [];
  const open = (): Child => {
    const child = new FakeChild(100 + children.length, deaf);
    children.push(child);
    return child;
  };
  const supervisor = new Supervisor(clock, name, open, (report) => {
    if (report.state === 'stopped') ends.push(name);
  });
  const newest = (): FakeChild => {
    const child = children.at(-1);
    if (!child) throw new Error('nothing was started');
    return child;
  };
  return { clock, children, supervisor, newest };
}

describe('Supervisor', () => {
  it('starts a dead process again, each time later, up to five seconds', async () => {
    const { clock, children, supervisor, newest } = setUp();
    supervisor.start();
    let backoff = FIRST_BACKOFF_MS;
    for (let death = 1; death <= 7; death++) {
      newest().die();
      expect(supervisor.report.state).toBe('waiting');
      await clock.advance(backoff - 1);
      expect(children).toHaveLength(death);
      await clock.advance(1);
      expect(children).toHaveLength(death + 1);
      backoff = Math.min(2 * backoff, MAX_BACKOFF_MS);
    }
    expect(supervisor.report).toMatchObject({ state: 'running', restarts: 7, pid: 107 });
  });

  it('is quick again after a process has proven itself', async () => {
    const { clock, children, supervisor, newest } = setUp();
    supervisor.start();
    for (let death = 0; death < 4; death++) {
      newest().die();
      await clock.advance(MAX_BACKOFF_MS);
    }
    await clock.advance(PROVEN_MS);
    const before = children.length;
    newest().die();
    await clock.advance(FIRST_BACKOFF_MS);
    expect(children).toHaveLength(before + 1);
  });

  it('restarts on request and asks politely first', async () => {
    const { clock, children, supervisor } = setUp();
    supervisor.start();
    supervisor.restart();
    await clock.advance(FIRST_BACKOFF_MS);
    expect(children[0]?.signals).toEqual(['SIGTERM']);
    expect(supervisor.report).toMatchObject({ state: 'running', restarts: 1 });
  });

  it('kills what does not listen after three seconds', async () => {
    const { clock, supervisor, newest } = setUp({ deaf: true });
    supervisor.start();
    let ended = false;
    void supervisor.stop().then(() => {
      ended = true;
    });
    await clock.advance(KILL_AFTER_MS - 1);
    expect(newest().signals).toEqual(['SIGTERM']);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(newest().signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(ended).toBe(true);
  });

  it('does not start again what was stopped, not even while it waited', async () => {
    const { clock, children, supervisor, newest } = setUp();
    supervisor.start();
    newest().die();
    await supervisor.stop();
    await clock.advance(60_000);
    expect(children).toHaveLength(1);
    expect(supervisor.report.state).toBe('stopped');
  });

  it('leaves a process alone whose configuration is wrong, until somebody asks', async () => {
    const { clock, children, supervisor, newest } = setUp();
    supervisor.start();
    newest().die('exit code 78', true);
    await clock.advance(60_000);
    expect(children).toHaveLength(1);
    expect(supervisor.report).toMatchObject({ state: 'stopped', lastExit: 'exit code 78' });
    supervisor.restart();
    expect(supervisor.report.state).toBe('running');
  });

  it('takes a crash that was asked for like every other crash', async () => {
    const { clock, supervisor } = setUp();
    supervisor.start();
    supervisor.kill();
    expect(supervisor.report).toMatchObject({ state: 'waiting', lastExit: 'SIGKILL' });
    await clock.advance(FIRST_BACKOFF_MS);
    expect(supervisor.report.state).toBe('running');
  });

  it('stops several in the order given', async () => {
    const ends: string[] = [];
    const agent = setUp({ name: 'agent', deaf: true, ends });
    const firmware = setUp({ name: 'firmware', ends });
    agent.supervisor.start();
    firmware.supervisor.start();
    const all = stopInOrder([agent.supervisor, firmware.supervisor]);
    await agent.clock.advance(KILL_AFTER_MS - 1);
    expect(firmware.newest().signals).toEqual([]);
    await agent.clock.advance(1);
    await all;
    expect(ends).toEqual(['agent', 'firmware']);
  });
});

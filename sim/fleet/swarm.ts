/** Robots in processes of their own, as one. */
import { type ChildProcess, fork } from 'node:child_process';
import type { FromSwarm, SwarmEnd, SwarmPlan, SwarmState, ToSwarm } from './swarm-messages.ts';

export type Fault = Extract<ToSwarm, { readonly from: number }>;

export class Swarm {
  private constructor(private readonly parts: readonly SwarmProcess[]) {}

  /** Resolves when all have keys and schools. `script`: the bundle of swarm-main.ts. */
  static async prepare(script: string, plan: SwarmPlan, processes: number): Promise<Swarm> {
    const { robots } = plan;
    const share = Math.ceil(robots.length / processes);
    const shares = Array.from({ length: processes }, (_, n) => n * share)
      .filter((first) => first < robots.length)
      .map((first) => ({ first, robots: robots.slice(first, first + share) }));
    const parts = shares.map((of) => new SwarmProcess(script, of.first, of.robots.length));
    try {
      await Promise.all(
        parts.map((part, n) => {
          part.say({ kind: 'prepare', plan: { ...plan, ...shares[n] } });
          return part.hear('prepared');
        }),
      );
    } catch (error) {
      for (const part of parts) part.kill();
      throw error;
    }
    return new Swarm(parts);
  }

  get processes(): number {
    return this.parts.length;
  }

  get pids(): readonly (number | undefined)[] {
    return this.parts.map(({ pid }) => pid);
  }

  /** Begins; `look` tells how far it is. */
  connect(): void {
    for (const part of this.parts) part.say({ kind: 'connect' });
  }

  /** `from`, `until`: robots of the whole fleet, by number from 0. */
  fault(fault: Fault): void {
    for (const part of this.parts) {
      const from = Math.max(0, fault.from - part.first);
      const until = Math.min(part.count, fault.until - part.first);
      if (from < until) part.say({ ...fault, from, until });
    }
  }

  network(school: string, online: boolean): void {
    for (const part of this.parts) part.say({ kind: 'network', school, online });
  }

  async look({ collect = false } = {}): Promise<SwarmState> {
    const states = await Promise.all(
      this.parts.map((part) => {
        const heard = part.hear('state');
        part.say({ kind: 'look', collect });
        return heard;
      }),
    );
    const sum = (of: (state: SwarmState) => number) =>
      states.reduce((all, one) => all + of(one), 0);
    return {
      kind: 'state',
      connected: sum(({ connected }) => connected),
      inLesson: sum(({ inLesson }) => inLesson),
      records: sum(({ records }) => records),
      ups: states.flatMap(({ ups }) => ups).sort((a, b) => a - b),
      memory: sum(({ memory }) => memory),
      heap: sum(({ heap }) => heap),
    };
  }

  async stop(): Promise<SwarmEnd> {
    const ends = await Promise.all(
      this.parts.map(async (part) => {
        const heard = part.hear('stopped');
        part.say({ kind: 'stop' });
        const end = await heard;
        part.kill();
        return end;
      }),
    );
    return {
      kind: 'stopped',
      ids: ends.flatMap(({ ids }) => ids),
      waiting: ends.flatMap(({ waiting }) => waiting),
    };
  }

  kill(): void {
    for (const part of this.parts) part.kill();
  }
}

class SwarmProcess {
  private readonly child: ChildProcess;

  constructor(
    script: string,
    readonly first: number,
    readonly count: number,
  ) {
    const flags = ['--max-old-space-size=6144', '--expose-gc'];
    this.child = fork(script, [], { serialization: 'advanced', execArgv: flags });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  say(message: ToSwarm): void {
    if (this.child.connected) this.child.send(message);
  }

  hear<K extends FromSwarm['kind']>(kind: K): Promise<Extract<FromSwarm, { kind: K }>> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
      };
      const onMessage = (message: FromSwarm): void => {
        if (message.kind !== kind && message.kind !== 'failed') return;
        done();
        if (message.kind === 'failed') reject(new Error(message.why));
        else resolve(message as Extract<FromSwarm, { kind: K }>);
      };
      const onExit = (code: number | null): void => {
        done();
        reject(new Error(`a process of robots ended with ${code}`));
      };
      this.child.on('message', onMessage);
      this.child.once('exit', onExit);
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

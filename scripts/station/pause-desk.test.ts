import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClientError } from '../../agent/access/admin-client.ts';
import { type ApiAnswer, WebServer } from '../../agent/web/web-server.ts';
import { Rig } from '../../firmware/testing/rig.ts';
import { HardwareFault } from '../../hal/ports/fault.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { runningRobot } from '../deskmate/doctor/testing/subjects.ts';
import { stationApi } from './desk.ts';
import { PauseDesk } from './pause-desk.ts';

/** Shipped firmware with a pupil in class, and the pause desk pressing its button. */
class Bench {
  readonly clock = new SimClock();
  readonly rig = new Rig({ clock: this.clock });
  presses = 0;
  /** The agent answers with a state this old. */
  lateMs = 0;
  agentThere = true;
  buttonThere = true;
  readonly desk = new PauseDesk({
    clock: this.clock,
    admin: {
      status: async () => {
        const { status } = runningRobot();
        if (!this.agentThere || !status) throw new AdminClientError('away', 'not there');
        return { ...status, health: { ...status.health, body: this.heard } };
      },
    },
    press: async () => {
      if (!this.buttonThere) throw new HardwareFault('noAnswer', 'button socket', 'nobody');
      this.presses += 1;
      const atMs = this.clock.now();
      this.rig.body.teacherButton.press();
      return atMs;
    },
  });

  async ask(...wanted: boolean[]): Promise<ApiAnswer[]> {
    const all = Promise.all(wanted.map((one) => this.desk.answer(one)));
    await this.clock.advance(6_000);
    return all;
  }

  private get heard() {
    const before = this.clock.now() - this.lateMs;
    const bodies = this.rig.messages.flatMap((one) => (one.kind === 'body' ? [one] : []));
    return bodies.findLast(({ atMs }) => atMs <= before) ?? null;
  }
}

const paused = { status: 200, body: { paused: true } };
const goesOn = { status: 200, body: { paused: false } };
const failed = { status: 503, body: { error: 'firmwareAway' } };

describe('pause from the page', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = new Bench();
    await bench.rig.awake();
  });

  it('is held by firmware: camera and microphone switch off at once, and on again', async () => {
    const asked = bench.desk.answer(true);
    await bench.clock.advance(100);
    expect(bench.rig.last).toMatchObject({ paused: true, cameraOn: false, microphoneOn: false });
    expect(await asked).toEqual(paused);
    expect(await bench.ask(false)).toEqual([goesOn]);
    expect(bench.rig.last).toMatchObject({ paused: false, cameraOn: true });
    expect(bench.presses).toBe(2);
  });

  it('presses once, for any number of requests and pages', async () => {
    expect(await bench.ask(true, true, true)).toEqual([paused, paused, paused]);
    expect(bench.presses).toBe(1);
    expect(await bench.ask(true, false, true, false)).toEqual([paused, goesOn, paused, goesOn]);
    expect(bench.rig.last.paused).toBe(false);
  });

  it('also comes when a raised hand takes the first press', async () => {
    bench.rig.setDesired({ hand: true });
    await bench.clock.advance(500);
    expect(await bench.ask(true)).toEqual([paused]);
    expect(bench.rig.events).toEqual(['handAcknowledged', 'paused']);
  });

  it('is not undone by a second press when the agent is slow', async () => {
    bench.lateMs = 1_500;
    expect(await bench.ask(true)).toEqual([paused]);
    expect([bench.presses, bench.rig.last.paused]).toEqual([1, true]);
  });

  it('waits for firmware that is starting', async () => {
    bench.buttonThere = false;
    bench.clock.after(2_000, () => {
      bench.buttonThere = true;
    });
    expect(await bench.ask(true)).toEqual([paused]);
    expect(bench.rig.last.paused).toBe(true);
  });

  it('reports failure, and works again afterwards', async () => {
    bench.agentThere = false;
    expect(await bench.ask(true)).toEqual([failed]);
    bench.agentThere = true;
    bench.buttonThere = false;
    expect(await bench.ask(true)).toEqual([failed]);
    expect(bench.rig.last.paused).toBe(false);
    bench.buttonThere = true;
    expect(await bench.ask(true)).toEqual([paused]);
  });
});

describe('the page’s requests', () => {
  const asked: boolean[] = [];
  let server: WebServer;
  let port: number;

  async function serve(pausable: boolean): Promise<void> {
    const pause = {
      answer: async (wanted: boolean) => {
        asked.push(wanted);
        return { status: 200, body: { paused: wanted } };
      },
    };
    const never = async (): Promise<never> => {
      throw new Error('not asked here');
    };
    const api = stationApi({
      ...{ desk: { status: never }, invitations: { answer: never } },
      pause: pausable ? pause : undefined,
    });
    server = new WebServer({ pages: '/nowhere', api, sockets: {} });
    port = await server.listen(0, '127.0.0.1');
  }

  beforeEach(() => {
    asked.length = 0;
  });
  afterEach(() => server.close());

  function ask(path: string, headers: Record<string, string> = {}, method = 'POST') {
    return new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once('error', reject)
        .end();
    });
  }

  it('pause and resume by POST', async () => {
    await serve(true);
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect(await ask('/api/pause', own)).toBe(200);
    expect(await ask('/api/go-on', own)).toBe(200);
    expect(asked).toEqual([true, false]);
    expect(await ask('/api/pause', own, 'GET')).toBe(404);
    expect(asked).toHaveLength(2);
  });

  it('are refused for other origins and other host names', async () => {
    await serve(true);
    const host = `localhost:${port}`;
    expect(await ask('/api/pause', { host, origin: 'https://class.example' })).toBe(403);
    expect(await ask('/api/go-on', { host, origin: 'null' })).toBe(403);
    expect(await ask('/api/pause', { host: `class.example:${port}` })).toBe(403);
    expect(asked).toEqual([]);
  });

  it('offer no pause where the board has its own button', async () => {
    await serve(false);
    expect(await ask('/api/pause')).toBe(404);
  });
});

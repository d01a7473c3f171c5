import { mkdir, mkdtemp, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf } from '../../hal/common/json.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { awakeRig } from '../testing/rig.ts';
import { AgentLink } from './agent-link.ts';
import { memoryPipe, type Pipe } from './pipe.ts';
import { BodyMessage, DesiredState, Intent, MAX_LINE_BYTES } from './schema.ts';
import { LinkServer } from './server.ts';
import { connectPipe } from './socket-pipe.ts';

const intent = {
  kind: 'desired',
  seq: 1,
  desired: DesiredState.parse({
    presence: 'here',
    mood: 'sad',
    hand: true,
    camera: true,
    microphone: false,
    amplifier: false,
    quiet: true,
  }),
};

/** Nearly an intent: one part of a valid one replaced by anything. */
const nearly = fc
  .tuple(fc.constantFrom('kind', 'seq', 'desired', 'pan', 'extra', '__proto__'), fc.jsonValue())
  .map(([key, value]) => JSON.stringify({ ...intent, [key]: value }));
const garbage = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), nearly);

describe('AgentLink', () => {
  it('refuses garbage with a reason and never throws; a valid intent is still accepted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 30 }), async (lines) => {
        const taken: Intent[] = [];
        const clock = new SimClock();
        const link = new AgentLink(clock, silentLog, (intent) => void taken.push(intent));
        const [agent, firmware] = memoryPipe();
        const answers: string[] = [];
        agent.onLine((line) => answers.push(line ?? ''));
        link.attach(firmware);
        for (const line of lines) agent.send(line);
        agent.send(JSON.stringify(intent));
        await clock.advance(1);
        expect(taken.at(-1)).toEqual(intent);
        expect(taken.length + answers.length).toBe(lines.length + 1);
        for (const answer of answers)
          expect(BodyMessage.parse(JSON.parse(answer))).toMatchObject({ reason: 'malformed' });
      }),
    );
  });

  it('drops a flood without parsing and accepts intents again afterwards', async () => {
    const clock = new SimClock();
    let taken = 0;
    const link = new AgentLink(clock, silentLog, () => void taken++);
    const [agent, firmware] = memoryPipe();
    link.attach(firmware);
    for (let i = 0; i < 5_000; i++) agent.send(JSON.stringify(intent));
    await clock.advance(1);
    expect(taken).toBe(100);
    expect(link.refusals.get('flood')).toBe(4_900);
    await clock.advance(200);
    agent.send(JSON.stringify(intent));
    await clock.advance(1);
    expect(taken).toBe(101);
  });

  it('accepts only the newest agent, which replaces the old one with its first intent', async () => {
    const clock = new SimClock();
    const taken: number[] = [];
    const link = new AgentLink(clock, silentLog, ({ seq }) => void taken.push(seq));
    const [first, firstEnd] = memoryPipe();
    const [second, secondEnd] = memoryPipe();
    let firstGone = false;
    first.onClose(() => {
      firstGone = true;
    });
    link.attach(firstEnd);
    link.attach(secondEnd);
    second.send(JSON.stringify({ ...intent, seq: 2 }));
    first.send(JSON.stringify(intent));
    await clock.advance(1);
    expect(taken).toEqual([2]);
    expect(firstGone).toBe(true);
    expect(link.connected).toBe(true);
  });

  it('keeps the agent, however many others connect and send nothing, or no intent', async () => {
    const clock = new SimClock();
    const taken: number[] = [];
    const link = new AgentLink(clock, silentLog, ({ seq }) => void taken.push(seq));
    const [agent, agentEnd] = memoryPipe();
    link.attach(agentEnd);
    let open = 0;
    for (let n = 0; n < 200; n++) {
      const [other, otherEnd] = memoryPipe();
      open += 1;
      other.onClose(() => {
        open -= 1;
      });
      link.attach(otherEnd);
      if (n % 2) other.send('{"kind":"desired"}');
      await clock.advance(1);
    }
    agent.send(JSON.stringify(intent));
    await clock.advance(1);
    expect(taken).toEqual([1]);
    expect(open).toBeLessThanOrEqual(1);
  });
});

const LIVE: readonly string[] = ['waking', 'here', 'listening'];

/** The desired state in this line, if it contains one. */
function desiredIn(line: string): DesiredState | undefined {
  const intent = Intent.safeParse(jsonOf(line)).data;
  return intent?.kind === 'desired' ? intent.desired : undefined;
}

describe('firmware under a hostile agent', () => {
  it('keeps head and camera within their limits for any input', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const command = fc.oneof(
      fc.record({ kind: fc.constant('look'), pan: number, tilt: number }),
      fc.record({ kind: fc.constant('lookRate'), pan: number, tilt: number }),
      fc.record({ kind: fc.constant('gesture'), gesture: fc.constantFrom('nod', 'shake') }),
      fc.record({ kind: fc.constant('stop') }),
      fc.record({
        kind: fc.constant('desired'),
        desired: fc.record({
          presence: fc.constantFrom('here', 'lost', 'asleep', 'listening'),
          mood: fc.constant('happy'),
          hand: fc.boolean(),
          camera: fc.boolean(),
          microphone: fc.boolean(),
          amplifier: fc.boolean(),
          quiet: fc.boolean(),
        }),
      }),
    );
    const story = fc.array(fc.tuple(command, garbage, fc.integer({ min: 0, max: 300 })), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(story, async (story) => {
        const robot = await awakeRig();
        let seq = 0;
        let notDesiredMs = 0;
        for (const [command, noise, ms] of story) {
          for (const line of [noise, JSON.stringify({ ...command, seq: seq++ })]) {
            robot.sendLine(line);
            robot.desired = desiredIn(line) ?? robot.desired;
          }
          for (let t = 0; t <= ms; t += 10) {
            await robot.clock.advance(10);
            const { pulses, cameraRail } = robot.body;
            const { camera, presence } = robot.desired;
            notDesiredMs = camera && LIVE.includes(presence) ? 0 : notDesiredMs + 10;
            // A tick and the switching time.
            if (cameraRail.on && notDesiredMs > 20) expect.fail('the camera has power unasked');
            if (cameraRail.on && robot.last.paused) expect.fail('the camera has power in a pause');
            if (pulses === 'torqueOff') continue;
            const [pan, tilt] = [(pulses.pan - 1500) / 5, (pulses.tilt - 1450) / -8];
            const inside = Math.abs(pan) <= 175.000001 && tilt >= -25.000001 && tilt <= 30.000001;
            if (!inside) expect.fail(`pan ${pan}, tilt ${tilt}`);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('LinkServer', () => {
  let folder = '';
  let server: LinkServer | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskmate-link-'));
  });
  afterEach(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });

  const open = async (path: string): Promise<Pipe[]> => {
    const pipes: Pipe[] = [];
    server = new LinkServer(path, (pipe) => pipes.push(pipe));
    await server.listen();
    return pipes;
  };
  const next = (pipe: Pipe): Promise<string | undefined> =>
    new Promise((resolve) => pipe.onLine(resolve));

  it('carries lines both ways, refuses long ones, and takes over a dead socket file', async () => {
    const path = join(folder, 'link.sock');
    await writeFile(path, 'left behind');
    const pipes = await open(path);
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    const agent = await connectPipe(path);
    agent.send('hello');
    while (!pipes[0]) await new Promise((resolve) => setImmediate(resolve));
    expect(await next(pipes[0])).toBe('hello');
    pipes[0].send('there');
    expect(await next(agent)).toBe('there');
    agent.send('x'.repeat(MAX_LINE_BYTES + 1));
    expect(await next(pipes[0])).toBeUndefined();
    const gone = new Promise<void>((resolve) => pipes[0]?.onClose(resolve));
    agent.close();
    await gone;
  });

  it('does not take the socket of a live process', async () => {
    const path = join(folder, 'link.sock');
    await open(path);
    await expect(new LinkServer(path, () => {}).listen()).rejects.toThrow('another firmware');
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['removed', (path) => rm(path)],
    ['replaced by a file', (path) => rm(path).then(() => writeFile(path, 'x'))],
    ['replaced by a folder', (path) => rm(path).then(() => mkdir(path))],
    ['moved away', (path) => rename(path, `${path}.old`)],
  ])('that is %s while it runs is made again, and who is connected stays', async (_what, act) => {
    const path = join(folder, 'link.sock');
    const clock = new SimClock();
    const pipes: Pipe[] = [];
    server = new LinkServer(path, (pipe) => pipes.push(pipe), { clock, log: silentLog });
    await server.listen();
    const agent = await connectPipe(path);
    let gone = false;
    agent.onClose(() => {
      gone = true;
    });
    await act(path);
    let again: Pipe | undefined;
    for (let tries = 0; !again && tries < 50; tries++) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
      // Only its owner may remove a folder.
      if (tries === 10) await rmdir(path).catch(() => {});
      again = await connectPipe(path).catch(() => undefined);
    }
    again?.send('again');
    while (pipes.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    expect(gone).toBe(false);
    again?.close();
    agent.close();
  });

  it('reports what to do about a folder with the name of the socket', async () => {
    const path = join(folder, 'link.sock');
    await mkdir(path);
    await expect(new LinkServer(path, () => {}).listen()).rejects.toThrow(/a folder .* remove it/);
  });

  it('disconnects an agent that does not read', async () => {
    const path = join(folder, 'link.sock');
    const pipes = await open(path);
    const deaf = connect(path);
    deaf.on('error', () => {});
    deaf.pause();
    while (!pipes[0]) await new Promise((resolve) => setImmediate(resolve));
    const [pipe] = pipes;
    let closed = false;
    pipe.onClose(() => {
      closed = true;
    });
    for (let i = 0; i < 5_000 && !closed; i++) {
      pipe.send('y'.repeat(500));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(closed).toBe(true);
    deaf.destroy();
  });
});

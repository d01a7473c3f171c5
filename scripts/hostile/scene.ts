/** A running simulator with a pupil in class, the teacher's button, and a record counter. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import mqtt from 'mqtt';
import { foldersOf } from '../../agent/host/folders.ts';
import { topics } from '../../agent/wire/topics.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import type { ProcessName, ProcessStatus } from '../../sim/console/messages.ts';
import { RunningSim } from '../../sim/testing/sim-harness.ts';
import { WorldClient } from '../../sim/world/client.ts';
import { Pupil } from '../vm/robot/pupil.ts';

export type Victim = ProcessName;

const LOOK_MS = 40;
/** Time limit of every wait here. */
const LIMIT_MS = 60_000;
const PRESS_MS = 200;
/** How long a person waits for a press to take effect. */
const AGAIN_MS = 3_000;
const LOG_LINES = 40;

export class Scene {
  readonly clock = new SystemClock();
  /** Ids of usage records, in the order in which the broker got them. */
  readonly records: { readonly id: string; readonly why: string }[] = [];
  private joining = false;
  private left = 0;

  private constructor(
    private readonly sim: RunningSim,
    readonly world: WorldClient,
    readonly pupil: Pupil,
    private readonly fleet: mqtt.MqttClient,
  ) {
    pupil.client.on('connection', ({ name }) => {
      if (name !== 'inClass') this.left += 1;
    });
    fleet.on('message', (_topic, payload) => this.records.push(JSON.parse(payload.toString())));
  }

  static async open(): Promise<Scene> {
    const sim = await RunningSim.start();
    const folders = foldersOf(sim.state);
    const config = JSON.parse(await readFile(path.join(folders.run, 'agent.json'), 'utf8'));
    const fleet = await mqtt.connectAsync(config.broker, { clientId: 'who-counts-records' });
    await fleet.subscribeAsync(topics.usage(config.robot), { qos: 1 });
    const world = new WorldClient(folders.worldSocket, new SystemClock());
    await world.firstState(LIMIT_MS);
    const pupil = new Pupil();
    await pupil.bind(sim.printedInvitation);
    return new Scene(sim, world, pupil, fleet);
  }

  get cameraOn(): boolean {
    return this.world.latest?.cameraRail ?? false;
  }

  /** The pupil's page says that the robot is there: in class, with this phase, and a body. */
  inPhase(phase: 'live' | 'paused'): boolean {
    const { connection, state } = this.pupil.client;
    const well = state?.phase === phase && !state.problems.includes('body');
    return connection.name === 'inClass' && well;
  }

  /** Waits; rejoins whenever the pupil has been disconnected, as by pressing the button. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = this.clock.now() + LIMIT_MS;
    while (!(await holds())) {
      if (this.clock.now() > end)
        throw new Error(`not within ${LIMIT_MS / 1_000} s: ${what}\n${await this.described()}`);
      this.comeBack();
      await delay(this.clock, LOOK_MS);
    }
  }

  /** One press pauses, whatever was just killed. To resume, a second press may be needed. */
  async press(to: 'paused' | 'live'): Promise<void> {
    let pressedMs = Number.NEGATIVE_INFINITY;
    const reached = async (): Promise<boolean> => {
      if (this.inPhase(to)) return true;
      const again = to === 'live' ? AGAIN_MS : Number.POSITIVE_INFINITY;
      if (this.clock.now() - pressedMs < again) return false;
      pressedMs = this.clock.now();
      for (const pressed of [true, false]) {
        await this.world.send({ kind: 'button', name: 'teacher', pressed });
        await delay(this.clock, PRESS_MS);
      }
      return false;
    };
    await this.until(to, reached);
  }

  async process(name: Victim): Promise<ProcessStatus> {
    const { processes } = await this.sim.status();
    const found = processes.find((one) => one.name === name);
    if (!found) throw new Error(`the simulator has no ${name}`);
    return found;
  }

  async close(): Promise<void> {
    await this.pupil.client.leave();
    await delay(this.clock, 3_000);
    await this.world.close();
    await this.fleet.endAsync(true);
    await this.sim.stop();
  }

  /** How often the pupil's connection has left the class so far. */
  get partings(): number {
    return this.left;
  }

  /** For diagnosing a missing event. */
  private async described(): Promise<string> {
    const { connection, state } = this.pupil.client;
    const processes = await this.sim.status().then((status) => status.processes);
    const log = await readFile(path.join(this.sim.state, 'log', 'agent.log'), 'utf8').catch(String);
    return [
      JSON.stringify({ connection, state, joining: this.joining, cameraOn: this.cameraOn }),
      JSON.stringify({ processes, frames: this.pupil.frames, changes: this.pupil.changes }),
      ...log.split('\n').slice(-LOG_LINES),
    ].join('\n');
  }

  private comeBack(): void {
    const { name } = this.pupil.client.connection;
    if (this.joining || !['idle', 'ended', 'refused'].includes(name)) return;
    this.joining = true;
    this.pupil
      .join()
      .catch(() => delay(this.clock, 250))
      .finally(() => {
        this.joining = false;
      });
  }
}

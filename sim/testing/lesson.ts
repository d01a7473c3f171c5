import type { Access } from '../../agent/access/access.ts';
import { Agent } from '../../agent/agent.ts';
import type { CodeDecoder } from '../../agent/media/code-thread.ts';
import type { CodePorts } from '../../agent/pairing/code-ports.ts';
import { JoinedMedia } from '../../agent/testing/joined-media.ts';
import { sureTime } from '../../agent/time/testing/fake-time.ts';
import type { Invitation } from '../../agent/wire/invitation.ts';
import { Firmware } from '../../firmware/firmware.ts';
import { memoryPipe } from '../../firmware/link/pipe.ts';
import type { Calibration } from '../../hal/boards/calibration.ts';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { MediaHardware } from '../../hal/ports/media.ts';
import { openSimulatedMedia } from '../body/media/open-media.ts';
import { openSimulatedBody } from '../body/open-body.ts';
import { Random } from '../time/random.ts';
import { SimClock } from '../time/sim-clock.ts';
import { referenceCalibration } from '../world/geometry.ts';
import { MemoryWorldPort } from '../world/memory-port.ts';
import type { WorldCommand, WorldState } from '../world/schema.ts';
import { World } from '../world/world.ts';
import { FakeNetwork } from './fake-peer.ts';
import { MemoryBroker } from './memory-broker.ts';
import { MemoryStorage } from './memory-storage.ts';
import { pump } from './pump.ts';
import { ScriptedPupil } from './scripted-pupil.ts';

export interface LessonOptions {
  /** Where codes go that are held before the camera. */
  readonly codes?: CodePorts;
  /** What reads codes; none does by default. */
  readonly decoder?: CodeDecoder;
  /** `inThread` renders the classroom, which costs a hundred times the rest. */
  readonly drawing?: 'plain' | 'inThread';
  readonly seed?: number;
  readonly calibration?: Calibration | undefined;
  readonly batteryPercent?: number;
}

const ROBOT = 'sim-1';

/**
 * The whole robot in one process on simulated time: world, simulated drivers, firmware, link,
 * agent, broker and pupils. Firmware and agent can die and come back, as processes do.
 */
export class Lesson {
  readonly clock = new SimClock();
  readonly broker = new MemoryBroker({ clock: this.clock });
  readonly storage = new MemoryStorage();
  /** What firmware keeps in memory of the machine (tmpfs). */
  private readonly run = new MemoryStorage();
  readonly network: FakeNetwork;
  readonly world: World;
  private readonly random: Random;
  private readonly calibration: Calibration | undefined;
  private firmware: Firmware | undefined;
  private agent: Agent | undefined;
  private access: Access | undefined;
  private closeBody: () => Promise<void> = async () => {};
  /** Ends of links that a dead process held. */
  private unplug: (() => void)[] = [];
  private agentAlive = true;
  private media: JoinedMedia | undefined;

  constructor(private readonly options: LessonOptions = {}) {
    const seed = options.seed ?? 1;
    this.random = new Random(seed);
    this.calibration = 'calibration' in options ? options.calibration : referenceCalibration;
    this.network = new FakeNetwork({ clock: this.clock, seed });
    const batteryPercent = options.batteryPercent ?? 92;
    this.world = new World({ clock: this.clock, seed, batteryPercent });
  }

  static async start(options: LessonOptions = {}): Promise<Lesson> {
    const lesson = new Lesson(options);
    lesson.world.start();
    await lesson.startFirmware();
    await lesson.startAgent();
    await lesson.clock.advance(2_000);
    return lesson;
  }

  get truth(): WorldState {
    return this.world.snapshot();
  }

  get life(): string | undefined {
    const text = this.broker.retained(`deskmate/1/${ROBOT}/$state`);
    return text === undefined ? undefined : JSON.parse(text).state;
  }

  /** Complete usage records that the broker was given. */
  get usage(): { why: string; handsRaised: number; handsAcknowledged: number; minutes: number }[] {
    return this.broker.taken
      .filter(({ topic }) => topic === `deskmate/1/${ROBOT}/usage`)
      .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)));
  }

  /** Who may come in, as staff's tools are given it. */
  get door(): Access {
    if (!this.access) throw new Error('the agent is not running');
    return this.access;
  }

  get phase(): Agent['phase'] {
    return this.agent?.phase ?? 'asleep';
  }

  do(command: WorldCommand): void {
    this.world.apply(command);
  }

  /** A press of a button, as a finger does it. */
  async press(name: 'teacher' | 'pair', forMs = 150): Promise<void> {
    this.do({ kind: 'button', name, pressed: true });
    await this.clock.advance(forMs);
    this.do({ kind: 'button', name, pressed: false });
    await this.clock.advance(100);
  }

  async invite(): Promise<Invitation> {
    const request = { days: 1, broker: 'ws://broker.test/mqtt', page: 'http://page.test/' };
    return (await pump(this.clock, this.door.invite(request))).invitation;
  }

  /** A pupil that is bound to this robot and has not joined yet. */
  async pupil(): Promise<ScriptedPupil> {
    const pupil = this.newcomer();
    await pupil.bind(await this.invite());
    return pupil;
  }

  /** Somebody whom the robot does not know. */
  newcomer(): ScriptedPupil {
    const { clock, broker, network } = this;
    return new ScriptedPupil({ clock, broker, network });
  }

  async startFirmware(): Promise<void> {
    const { clock } = this;
    const world = new MemoryWorldPort(this.world);
    const hardware = openSimulatedBody({ world, clock, logLine: () => {} });
    this.firmware = new Firmware({
      hardware,
      board: deskmate1,
      calibration: this.calibration,
      clock,
      log: silentLog,
      memory: this.run,
    });
    this.closeBody = () => hardware.close();
    await this.firmware.start();
  }

  async startAgent(): Promise<void> {
    const { clock } = this;
    const hardware = await this.openMedia();
    this.agentAlive = true;
    const { openPeer } = this.network;
    const { codes, decoder } = this.options;
    this.media = new JoinedMedia({
      ...{ clock, log: silentLog, hardware, openPeer },
      ...(decoder && { decoder }),
    });
    const media = this.media.remote;
    const agent = new Agent({
      ...{ brokerForPupils: 'wss://broker.example/mqtt', page: 'https://pupil.example/' },
      robot: ROBOT,
      version: '0.0.0',
      clock,
      log: silentLog,
      storage: this.storage,
      openBroker: this.broker.openAs(ROBOT),
      media,
      openPeer: media.openPeer,
      ...(codes && { codes }),
      connectBody: async () => {
        if (!this.firmware) throw new Error('firmware is not running');
        const [up, down] = memoryPipe();
        this.firmware.attach(down);
        this.unplug.push(() => up.close());
        return {
          ...{ onLine: up.onLine.bind(up), onClose: up.onClose.bind(up), close: () => up.close() },
          send: (line) => {
            if (this.agentAlive) up.send(line);
          },
        };
      },
      random: () => this.random.next(),
      newId: () =>
        Array.from({ length: 32 }, () => Math.floor(this.random.next() * 16).toString(16)).join(''),
      time: sureTime(clock, this.storage, silentLog),
    });
    this.agent = agent;
    await pump(clock, agent.start());
    this.access = agent.accessLoader.expect();
  }

  /** Firmware is killed: its lines keep their level, as they may on a Pi. `startFirmware` begins anew. */
  killFirmware(): void {
    this.firmware?.halt();
    this.firmware = undefined;
  }

  /** The media process is killed, and devices and connections with it. `startMedia` begins anew. */
  killMedia(): void {
    this.media?.die();
  }

  async startMedia(): Promise<void> {
    this.media?.recover(await this.openMedia());
  }

  /** The agent hangs: its socket stays open and nothing comes any more. */
  freezeAgent(): void {
    this.agentAlive = false;
  }

  private openMedia(): Promise<MediaHardware> {
    const { drawing = 'plain' } = this.options;
    const world = new MemoryWorldPort(this.world);
    return openSimulatedMedia({ world, clock: this.clock, logLine: () => {}, drawing });
  }

  async stop(): Promise<void> {
    const { clock, agent, firmware } = this;
    if (agent) await pump(clock, agent.stop());
    if (firmware) await pump(clock, firmware.stop());
    await pump(clock, this.closeBody());
    this.world.stop();
  }
}

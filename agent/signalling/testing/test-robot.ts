import type { Clock } from '../../../hal/ports/clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { Access, type AccessParts, type Issued } from '../../access/access.ts';
import type {
  AddCandidates,
  OfferOptions,
  OfferReceiver,
  OfferReply,
  Visitor,
} from '../../model/offer.ts';
import { RefusalCounters } from '../../model/refusal-counters.ts';
import { FakeTime } from '../../time/testing/fake-time.ts';
import type { TimeOfDay } from '../../time/time-service.ts';
import { Signalling } from '../signalling.ts';
import { MemoryStorage } from './memory-storage.ts';
import type { TapBroker } from './tap-broker.ts';

export const ROBOT = 'robot-1';
export const BROKER_URL = 'wss://broker.example/mqtt';

/** A session that records visitors, and answers with a fixed SDP by default. */
class FakeSession implements OfferReceiver {
  readonly offers: { from: Visitor; sdp: string }[] = [];
  readonly offerOptions: OfferOptions[] = [];
  readonly byes: Visitor[] = [];
  /** The pupil's candidates that came after an offer. */
  readonly candidates: string[] = [];
  answer: (from: Visitor, sdp: string, options: OfferOptions) => Promise<OfferReply> = async (
    _from,
    _sdp,
    { onCandidate },
  ) => ({ ok: true, sdp: 'v=0 answer', ...(onCandidate ? { addCandidates: this.take } : {}) });
  readonly take: AddCandidates = (candidates) =>
    void this.candidates.push(...candidates.map(({ candidate }) => candidate));

  offer(from: Visitor, sdp: string, options: OfferOptions = {}): Promise<OfferReply> {
    this.offers.push({ from, sdp });
    this.offerOptions.push(options);
    return this.answer(from, sdp, options);
  }

  bye(from: Visitor): void {
    this.byes.push(from);
  }
}

interface TestRobotOptions {
  readonly clock: Clock;
  readonly storage?: MemoryStorage;
  readonly robot?: string;
  /** Whether the time of day is known; used where no `time` is given. */
  readonly clockTrusted?: () => boolean;
  readonly iceFor?: AccessParts['iceFor'];
  readonly time?: TimeOfDay;
}

/** Access and signalling of one robot on a TapBroker. */
export class TestRobot {
  readonly session = new FakeSession();
  readonly refusals = new RefusalCounters();
  private running: Signalling | undefined;

  private constructor(
    readonly access: Access,
    readonly storage: MemoryStorage,
    private readonly broker: TapBroker,
    private readonly options: TestRobotOptions,
  ) {}

  static async start(broker: TapBroker, options: TestRobotOptions): Promise<TestRobot> {
    const { clock, robot = ROBOT, clockTrusted = () => true } = options;
    const storage = options.storage ?? new MemoryStorage();
    const time = options.time ?? new FakeTime(clock, clockTrusted);
    const lent = options.iceFor ? { iceFor: options.iceFor } : {};
    const access = await Access.open({ storage, clock, robot, log: silentLog, time, ...lent });
    const started = new TestRobot(access, storage, broker, options);
    const { session, refusals } = started;
    const parts = { broker: broker.forRobot(), access, session: session, clock, robot, refusals };
    started.running = new Signalling({ ...parts, log: silentLog });
    await started.running.start();
    return started;
  }

  /** As after a power cut: the same disk, everything else new or as given. */
  async restart(other: Partial<TestRobotOptions> = {}): Promise<TestRobot> {
    this.running?.stop();
    return TestRobot.start(this.broker, { ...this.options, ...other, storage: this.storage });
  }

  invite(days = 7): Promise<Issued> {
    return this.access.invite({ days, broker: BROKER_URL, page: 'https://pupil.example/' });
  }

  askRestart(pupil: Visitor): void {
    this.running?.askRestart(pupil);
  }

  refused(reason: string): number {
    return this.refusals.snapshot()[`broker.${reason}`] ?? 0;
  }
}

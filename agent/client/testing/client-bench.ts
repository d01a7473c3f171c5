import { SimClock } from '../../../sim/time/sim-clock.ts';
import { TapBroker } from '../../signalling/testing/tap-broker.ts';
import { TestRobot } from '../../signalling/testing/test-robot.ts';
import { memoryStore } from '../key-value-store.ts';
import { PupilClient } from '../pupil-client.ts';
import { FakeRtc } from './fake-rtc.ts';

/** A client, bound to a robot over a broker in memory, with a WebRTC without a network. */
export type ClientBench = Awaited<ReturnType<typeof openBench>>;

export async function openBench(
  robotGiven: Omit<Parameters<typeof TestRobot.start>[1] & object, 'clock'> = {},
  partsGiven: (broker: TapBroker) => ConstructorParameters<typeof PupilClient>[0] = () => ({}),
) {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock, ...robotGiven });
  const rtc = new FakeRtc();
  const client = new PupilClient({
    ...{ transport: broker.forPupil, rtc: rtc.parts, keys: memoryStore(), clock },
    ...partsGiven(broker),
  });
  /** Names of the connection's states, in order. */
  const states: string[] = [];
  client.on('connection', ({ name }) => states.push(name));
  const binding = await client.bind((await robot.invite()).invitation);
  return { clock, broker, robot, rtc, client, states, binding };
}

/** The robot answers heartbeats from now on, as long as it lives and `still` says so. */
export function beatBack({ clock, rtc }: ClientBench, still = () => true): { stop(): void } {
  const timer = clock.every(200, () => {
    const last = still() ? rtc.sent.filter(({ kind }) => kind === 'alive').at(-1) : undefined;
    if (last) rtc.say(JSON.stringify({ ...last, robotAtMs: 0 }));
  });
  return { stop: () => timer.cancel() };
}

export function microphone(): MediaStream {
  const track = { kind: 'audio', readyState: 'live', enabled: true };
  return { getAudioTracks: () => [track] } as unknown as MediaStream;
}

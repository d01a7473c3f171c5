import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../time/sim-clock.ts';
import { MemoryBroker } from './memory-broker.ts';
import { topicMatches } from './message.ts';

const WILL = { topic: 'r/$state', payload: 'lost' };
let clock: SimClock;
let broker: MemoryBroker;
beforeEach(() => {
  clock = new SimClock();
  broker = new MemoryBroker({ clock, delayMs: 5, missedAfterMs: 45_000 });
});

/** Collects what comes in on a filter. */
function ear(name: string, filter: string): string[] {
  const heard: string[] = [];
  const client = broker.connect(name);
  void client.subscribe(filter, (topic, payload) => {
    heard.push(`${topic}=${new TextDecoder().decode(payload)}`);
  });
  return heard;
}

describe('memory broker', () => {
  it('carries messages to who subscribed, in order, and acknowledges', async () => {
    const heard = ear('staff', 'r/+/up');
    const robot = broker.openAs('robot')(WILL);
    await clock.advance(10);
    let acknowledged = 0;
    for (const topic of ['r/a/up', 'r/b/up', 'r/a/down', 'r/a/b/up'])
      void robot.publish(topic, 'x').then(() => {
        acknowledged += 1;
      });
    await clock.advance(5);
    expect(acknowledged).toBe(0);
    await clock.advance(10);
    expect(acknowledged).toBe(4);
    expect(heard).toEqual(['r/a/up=x', 'r/b/up=x']);
  });

  it('gives retained messages to late comers and again after a reconnect, until cleared', async () => {
    const robot = broker.openAs('robot')(WILL);
    void robot.publish('r/$state', 'ready', { retain: true });
    await clock.advance(50);
    const heard = ear('staff', 'r/#');
    await clock.advance(50);
    expect(heard).toEqual(['r/$state=ready']);
    broker.cut('staff');
    broker.restore('staff');
    await clock.advance(2_000);
    expect(heard).toHaveLength(2);
    broker.take('r/$state', '', true);
    expect(broker.retained('r/$state')).toBeUndefined();
  });

  it('speaks the will of a client that died, not of one that said goodbye', async () => {
    const polite = broker.openAs('polite')(WILL);
    broker.openAs('robot')({ topic: 'q/$state', payload: 'lost' });
    await clock.advance(50);
    await polite.close();
    broker.kill('robot');
    await clock.advance(60_000);
    expect(broker.retained('r/$state')).toBeUndefined();
    expect(broker.retained('q/$state')).toBe('lost');
  });

  it('speaks the will of a client it has not heard of, or that returns on a new connection', async () => {
    const robot = broker.openAs('robot')(WILL);
    const seen: boolean[] = [];
    robot.onConnected((connected) => seen.push(connected));
    await clock.advance(50);
    broker.cut('robot');
    await clock.advance(44_000);
    expect(broker.retained('r/$state')).toBeUndefined();
    await clock.advance(2_000);
    expect(broker.retained('r/$state')).toBe('lost');
    broker.restore('robot');
    await clock.advance(1_500);
    void robot.publish('r/$state', 'ready', { retain: true });
    await clock.advance(50);
    expect(broker.retained('r/$state')).toBe('ready');
    broker.cut('robot');
    broker.restore('robot');
    await clock.advance(1_500);
    expect(broker.retained('r/$state')).toBe('lost');
    expect(seen).toEqual([true, false, true, false, true]);
  });

  it('sends again what was not acknowledged, and gives up after ten seconds', async () => {
    const robot = broker.openAs('robot')(WILL);
    await clock.advance(50);
    broker.cut('robot');
    const outcomes: string[] = [];
    const publish = (text: string) =>
      robot.publish('r/usage', text).then(
        () => outcomes.push(`${text} taken`),
        (error: Error) => outcomes.push(`${text} ${error.name}`),
      );
    void publish('early');
    await clock.advance(5_000);
    void publish('late');
    await clock.advance(5_500);
    expect(outcomes).toEqual(['early BrokerOutOfReach']);
    broker.restore('robot');
    await clock.advance(1_500);
    expect(outcomes).toEqual(['early BrokerOutOfReach', 'late taken']);
    expect(broker.taken.filter(({ topic }) => topic === 'r/usage')).toHaveLength(1);
  });

  it('may take twice what it took when the acknowledgement was lost', async () => {
    const robot = broker.openAs('robot')(WILL);
    await clock.advance(50);
    const publishing = robot.publish('r/usage', 'record');
    await clock.advance(7);
    broker.cut('robot');
    broker.restore('robot');
    await clock.advance(2_000);
    await publishing;
    expect(broker.taken.filter(({ topic }) => topic === 'r/usage')).toHaveLength(2);
  });

  it('comes and goes itself, with or without its memory', async () => {
    const robot = broker.openAs('robot')(WILL);
    void robot.publish('r/$state', 'ready', { retain: true });
    await clock.advance(50);
    broker.stop();
    expect(robot.connected).toBe(false);
    await clock.advance(60_000);
    broker.start();
    await clock.advance(1_500);
    expect(robot.connected).toBe(true);
    expect(broker.retained('r/$state')).toBe('ready');
    broker.stop();
    broker.start({ forgetRetained: true });
    expect(broker.retained('r/$state')).toBeUndefined();
  });

  it('can be hostile: swallow, alter and make up messages', async () => {
    const heard = ear('robot', 'r/+/up');
    const pupil = broker.connect('pupil');
    await clock.advance(50);
    broker.tamper = (message) => (message.topic === 'r/a/up' ? undefined : message);
    void pupil.publish('r/a/up', 'true');
    broker.take('r/z/up', Uint8Array.of(0x66));
    await clock.advance(50);
    expect(heard).toEqual(['r/z/up=f']);
  });
});

describe('topic filters', () => {
  it.each([
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/d', false],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['#', 'a/b', true],
    ['a/b', 'a', false],
  ])('%s and %s: %s', (filter, topic, fits) => {
    expect(topicMatches(filter, topic)).toBe(fits);
  });
});

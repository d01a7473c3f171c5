import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { topics } from '../wire/topics.ts';
import { type Who, whyNotPublish, whyNotSubscribe } from './broker-rules.ts';

const pupil: Who = { kind: 'pupil' };
const robot: Who = { kind: 'robot', robot: 'sim-1' };
const peer = '0123456789abcdef0123456789abcdef';
const said = (topic: string, bytes = 100, retain = false) => ({ topic, bytes, retain });

describe('what a pupil may do', () => {
  it('sends to a robot and listens for its own answers and the state', () => {
    expect(whyNotPublish(pupil, said(topics.toRobot('sim-1', peer)))).toBeUndefined();
    expect(whyNotSubscribe(pupil, topics.toPeer('sim-1', peer))).toBeUndefined();
    expect(whyNotSubscribe(pupil, topics.state('sim-1'))).toBeUndefined();
  });

  it.each([
    '#',
    '+/#',
    'deskmate/#',
    'deskmate/1/sim-1/#',
    'deskmate/1/+/$state',
    'deskmate/1/sim-1/signal/+/down',
    'deskmate/1/+/signal/0123456789abcdef0123456789abcdef/down',
    'deskmate/1/sim-1/signal/0123456789ABCDEF0123456789ABCDEF/down',
    'deskmate/1/sim-1/signal/0123456789abcdef0123456789abcdef/up',
    'deskmate/1/sim-1/signal/0123456789abcdef0123456789abcdef/down/#',
    'deskmate/1/sim-1/usage',
    'deskmate/1/sim-1/telemetry',
    '$SYS/#',
    '$share/g/deskmate/1/sim-1/$state',
    '',
  ])('may not subscribe to %s', (filter) => {
    expect(whyNotSubscribe(pupil, filter)).toBe('topic');
  });

  it.each([
    'deskmate/1/sim-1/$state',
    'deskmate/1/sim-1/usage',
    'deskmate/1/sim-1/signal/0123456789abcdef0123456789abcdef/down',
    'deskmate/1/sim-1/signal/short/up',
    'deskmate/2/sim-1/signal/0123456789abcdef0123456789abcdef/up',
    'deskmate/1/SIM/signal/0123456789abcdef0123456789abcdef/up',
  ])('may not publish to %s', (topic) => {
    expect(whyNotPublish(pupil, said(topic))).toBe('topic');
  });

  it('may not leave messages behind or send long ones', () => {
    const topic = topics.toRobot('sim-1', peer);
    expect(whyNotPublish(pupil, said(topic, 100, true))).toBe('retained');
    expect(whyNotPublish(pupil, said(topic, MAX_SIGNAL_BYTES + 1))).toBe('tooLong');
  });

  it('gets nowhere with any other topic', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (topic) => {
        expect(whyNotPublish(pupil, said(topic))).toBe('topic');
        expect(whyNotSubscribe(pupil, topic)).toBe('topic');
      }),
    );
  });
});

describe('what a robot may do', () => {
  it('has its own tree and no other', () => {
    expect(whyNotPublish(robot, said(topics.state('sim-1'), 100, true))).toBeUndefined();
    expect(whyNotPublish(robot, said(topics.toPeer('sim-1', peer)))).toBeUndefined();
    expect(whyNotSubscribe(robot, topics.allPeers('sim-1'))).toBeUndefined();
    expect(whyNotPublish(robot, said(topics.state('sim-10')))).toBe('topic');
    expect(whyNotSubscribe(robot, topics.allPeers('sim-10'))).toBe('topic');
    expect(whyNotSubscribe(robot, 'deskmate/1/+/usage')).toBe('topic');
  });

  it.each([
    topics.receipt,
    topics.audit,
    topics.reported,
    topics.identity,
    topics.certificateRequest,
  ])('reports to the fleet', (of) => {
    expect(whyNotPublish(robot, said(of('sim-1')))).toBeUndefined();
    expect(whyNotPublish(robot, said(of('sim-2')))).toBe('topic');
  });

  it.each([topics.order, topics.recordAck, topics.certificateAnswer])(
    'hears the fleet, and never speaks for it',
    (of) => {
      expect(whyNotSubscribe(robot, of('sim-1'))).toBeUndefined();
      expect(whyNotPublish(robot, said(of('sim-1')))).toBe('topic');
      expect(whyNotSubscribe(robot, of('sim-2'))).toBe('topic');
    },
  );
});

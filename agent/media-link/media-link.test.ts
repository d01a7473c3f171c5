/** The boundary between agent and media process, with devices and connections that a test holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryPipe, type Pipe } from '../../firmware/link/pipe.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FakeMedia } from '../testing/fake-media.ts';
import { fakePeers } from '../testing/fake-peer.ts';
import { JoinedMedia } from '../testing/joined-media.ts';
import type { DesiredMedia } from './media-loop.ts';
import type { PeerState } from './peer.ts';
import { RemoteMedia } from './remote-media.ts';
import { LEASE_MS, MAX_PEERS, RENEW_MS, ToAgent, type ToMedia } from './schema.ts';

const on: Omit<DesiredMedia, 'sink'> = {
  ...{ camera: true, microphone: true, voice: true },
  ...{ size: '480p', mode: 'normal', volume: 0.5 },
};

async function joined() {
  const clock = new SimClock();
  const hardware = new FakeMedia();
  const { open, peers } = fakePeers();
  const both = new JoinedMedia({ clock, log: silentLog, hardware, openPeer: open });
  const { remote } = both;
  await clock.advance(10);
  const states: PeerState[] = [];
  const said: (string | undefined)[] = [];
  const openPeer = () =>
    remote.openPeer({
      onState: (state) => states.push(state),
      onMessage: (_channel, text) => said.push(text),
    });
  /** A pupil in class, seen and heard. */
  const inClass = async () => {
    const peer = openPeer();
    const answer = peer.answer('v=0');
    await clock.advance(10);
    expect(await answer).toBe('answer to v=0');
    peers.at(-1)?.become('connected');
    remote.setDesired({ ...on, sink: peer });
    await clock.advance(10);
    return peer;
  };
  return { clock, hardware, peers, both, remote, states, said, openPeer, inClass };
}

describe('agent and media process', () => {
  it('carry a lesson: picture and sound stay there, words and levels come here', async () => {
    const { clock, hardware, peers, remote, states, said, inClass } = await joined();
    const levels: number[] = [];
    remote.listen({
      onHeard: (voiceDb) => levels.push(voiceDb),
      onCameraDelay: () => {},
      onDevices: () => {},
    });
    const peer = await inClass();
    hardware.camera.shoot(clock.now());
    hardware.microphone.hear(new Int16Array(480));
    peers[0]?.speak(new Int16Array(480).fill(9_000));
    peers[0]?.say({ kind: 'hangUp' });
    expect(peer.send(JSON.stringify({ kind: 'handAcknowledged' }))).toBe('sent');
    await clock.advance(300);
    expect(peers[0]).toMatchObject({ audioChunks: 1, sent: [{ kind: 'handAcknowledged' }] });
    expect(peers[0]?.frames).toMatchObject([{ width: 640, height: 480, black: false }]);
    expect(hardware.speaker).toMatchObject({ volume: 0.5, played: [expect.anything()] });
    expect(states).toEqual(['connected']);
    expect(said).toEqual(['{"seq":0,"kind":"hangUp"}']);
    expect(levels.length).toBeGreaterThan(0);
    expect(remote.devices.camera).toEqual({ present: true, state: 'running', why: '' });
  });

  it('open, restart and close by what the agent says, candidates and statistics included', async () => {
    const { clock, peers, openPeer, states } = await joined();
    const peer = openPeer();
    const found: (string | undefined)[] = [];
    const answer = peer.answer('v=0', (one) => found.push(one?.candidate));
    await clock.advance(10);
    await answer;
    const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host' };
    peers[0]?.found(candidate);
    peers[0]?.found(undefined);
    peer.addCandidates([candidate]);
    await clock.advance(10);
    expect(found).toEqual([candidate.candidate, undefined]);
    expect(peers[0]?.candidates).toEqual([candidate]);
    const again = peer.answer('v=0 restart');
    const bad = peer.answer('bad').catch(String);
    await clock.advance(10);
    expect(await again).toBe('answer to v=0 restart');
    expect(await bad).toContain('SDP: expected v=0');
    expect(peers).toHaveLength(1);
    const stats = peer.stats();
    await clock.advance(10);
    expect(await stats).toMatchObject({ roundTripMs: undefined });
    peer.close();
    await clock.advance(10);
    expect(peers[0]?.closed).toBe(true);
    expect(states).toEqual(['closed']);
    await expect(peer.answer('v=0')).rejects.toThrow('closed');
  });

  it('keep to a number of connections', async () => {
    const { openPeer } = await joined();
    for (let n = 0; n < MAX_PEERS; n++) openPeer();
    expect(openPeer).toThrow('too many');
  });
});

describe('no word from the agent, no media', () => {
  const isDark = ({ hardware, peers }: Awaited<ReturnType<typeof joined>>): void => {
    expect(hardware.camera.state).toBe('idle');
    expect(hardware.microphone.state).toBe('idle');
    expect(hardware.speaker.state).toBe('idle');
    expect(peers.every(({ closed }) => closed)).toBe(true);
  };

  it('the lease holds while the agent lives, however little it says', async () => {
    const world = await joined();
    await world.inClass();
    await world.clock.advance(60_000);
    expect(world.peers[0]?.closed).toBe(false);
    expect(world.hardware.camera.state).toBe('running');
  });

  it('at once when the link closes', async () => {
    const world = await joined();
    await world.inClass();
    await world.remote.close();
    await world.clock.advance(1);
    isDark(world);
  });

  it('when the lease has run out, though the link stays open', async () => {
    const clock = new SimClock();
    const hardware = new FakeMedia();
    const { open, peers } = fakePeers();
    const both = new JoinedMedia({ clock, log: silentLog, hardware, openPeer: open });
    await both.remote.close();
    const heard: ToAgent[] = [];
    const agent = both.newAgent((line) => heard.push(ToAgent.parse(JSON.parse(line ?? ''))));
    const say = (message: ToMedia): void => agent.send(JSON.stringify(message));
    say({ kind: 'hello', relayCa: '' });
    say({ ...on, kind: 'desired', peers: [1], sink: 1 });
    const ice = { servers: [], policy: 'all' as const };
    say({ kind: 'offer', peer: 1, call: 1, sdp: 'v=0', trickle: false, ice });
    await clock.advance(LEASE_MS - 1);
    expect(peers[0]?.closed).toBe(false);
    expect(hardware.camera.state).toBe('running');
    await clock.advance(2);
    isDark({ hardware, peers } as Awaited<ReturnType<typeof joined>>);
    expect(heard).toContainEqual({ kind: 'state', peer: 1, state: 'closed' });
    // Nor does anything open without a lease that names it.
    say({ kind: 'offer', peer: 1, call: 2, sdp: 'v=0', trickle: false, ice });
    say({ ...on, kind: 'desired', peers: [], sink: null });
    say({ kind: 'offer', peer: 2, call: 1, sdp: 'v=0', trickle: false, ice });
    await clock.advance(10);
    expect(peers).toHaveLength(1);
    expect(heard.filter(({ kind }) => kind === 'failed')).toHaveLength(2);
  });

  it('when another agent greets: the one before has nothing any more', async () => {
    const world = await joined();
    await world.inClass();
    world.both.newAgent().send(JSON.stringify({ kind: 'hello', relayCa: '' }));
    await world.clock.advance(1);
    isDark(world);
    expect(world.states.at(-1)).toBe('closed');
  });
});

describe('a media process that is gone', () => {
  it.each(['die', 'freeze'] as const)(
    '(%s) ends its connections, is a fault, and may come back',
    async (how) => {
      const { clock, both, remote, states, openPeer, inClass } = await joined();
      const peer = await inClass();
      const waiting = peer.stats();
      both[how]();
      await clock.advance(LEASE_MS + 2 * RENEW_MS);
      expect(states.at(-1)).toBe('closed');
      expect(peer.send('{}')).toBe('notOpen');
      expect(await waiting).toMatchObject({ encodeMs: undefined });
      expect(remote.broken()).toEqual(['mediaLost']);
      expect(remote.devices.camera).toMatchObject({ state: 'fault', why: /not there/ });
      expect(openPeer).toThrow('not there');
      both.recover();
      await clock.advance(4_000);
      expect(remote.broken()).toEqual([]);
      await inClass();
      expect(states.at(-1)).toBe('connected');
    },
  );

  it('has an answer within five seconds, or none', async () => {
    const { clock, both, openPeer } = await joined();
    const peer = openPeer();
    both.deaf = true;
    const answer = peer.answer('v=0').catch(String);
    await clock.advance(5_000);
    expect(await answer).toContain('no answer');
  });
});

describe('a media process that cannot be trusted', () => {
  /** An agent whose media process says whatever the test says. */
  async function hostile() {
    const clock = new SimClock();
    const refused: string[] = [];
    const heard: string[] = [];
    let links = 0;
    let media: Pipe | undefined;
    const remote = new RemoteMedia({
      ...{ clock, log: silentLog },
      connect: async () => {
        links += 1;
        const [agent, end] = memoryPipe();
        media = end;
        end.onLine((line) => heard.push(line ?? ''));
        return agent;
      },
      ice: () => ({ servers: [], policy: 'all' }),
      onRefused: (why) => refused.push(why),
    });
    remote.start();
    await clock.advance(10);
    const say = async (message: object | string | undefined): Promise<void> => {
      media?.send(typeof message === 'object' ? JSON.stringify(message) : (message as string));
      await clock.advance(1);
    };
    await say(status);
    return { clock, refused, heard, say, remote, links: () => links };
  }

  const device = { present: true, state: 'idle', why: '' };
  const status = {
    kind: 'status',
    devices: { camera: device, microphone: device, speaker: device },
    lens: { fx: 1, fy: 1, cx: 0.5, cy: { '480p': 0.4, '720p': 0.3 }, k1: 0, k2: 0 },
  };

  it.each([
    ['no JSON', 'nonsense', 'malformed'],
    ['a field too many', { ...status, more: 1 }, 'malformed'],
    ['a line that is too long', undefined, 'tooLong'],
    [
      'a word that is too long',
      { kind: 'failed', peer: 1, call: 1, why: 'x'.repeat(301) },
      'malformed',
    ],
  ])('is told to end and left alone for a while after %s', async (_what, message, why) => {
    const { clock, refused, heard, say, remote, links } = await hostile();
    await say(message);
    expect(refused).toEqual([why]);
    expect(heard.at(-1)).toBe('{"kind":"quit"}');
    expect(remote.broken()).toEqual(['mediaLost']);
    // Each time longer, for ever.
    for (let n = 0; n < 40; n++) {
      await clock.advance(1_000);
      await say('nonsense');
    }
    expect(links()).toBeLessThan(10);
  });

  it('opens nothing: what nobody asked for has no effect', async () => {
    const { say, remote, refused } = await hostile();
    const states: string[] = [];
    const events = {
      onState: (state: string) => states.push(state),
      onMessage: () => {},
    };
    const peer = remote.openPeer(events);
    const answer = peer.answer('v=0');
    await say({ kind: 'state', peer: 2, state: 'connected' });
    await say({ kind: 'answer', peer: 2, call: 1, sdp: 'v=0 other' });
    await say({ kind: 'answer', peer: 1, call: 9, sdp: 'v=0 other' });
    await say({ kind: 'candidate', peer: 1, call: 9, candidate: null });
    await say({ kind: 'answer', peer: 1, call: 1, sdp: 'v=0 this' });
    await say({ kind: 'answer', peer: 1, call: 1, sdp: 'v=0 late' });
    expect(await answer).toBe('v=0 this');
    expect([states, refused]).toEqual([[], []]);
  });

  it('has no answer sent on that agrees to more than the agent does', async () => {
    const { say, remote } = await hostile();
    const peer = remote.openPeer({ onState: () => {}, onMessage: () => {} });
    const answer = peer.answer('v=0').catch(String);
    const shown = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendrecv\r\n';
    await say({ kind: 'answer', peer: 1, call: 1, sdp: `v=0\r\n${shown}` });
    expect(await answer).toContain('answer: a picture that is sendrecv');
  });

  it('finds no more candidates than signalling takes', async () => {
    const { say, remote } = await hostile();
    const peer = remote.openPeer({ onState: () => {}, onMessage: () => {} });
    let found = 0;
    void peer
      .answer('v=0', () => {
        found += 1;
      })
      .catch(() => {});
    const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host' };
    for (let n = 0; n < 400; n++) await say({ kind: 'candidate', peer: 1, call: 1, candidate });
    expect(found).toBe(192);
  });

  it('whatever it says, nothing is thrown, and only what was asked is answered', async () => {
    const field = fc.oneof(
      fc.constantFrom(1, 2, 'connected', 'v=0', 'control', null, true),
      fc.json(),
    );
    const bent = fc
      .record(
        {
          kind: fc.constantFrom(...ToAgent.options.map(({ shape }) => shape.kind.value)),
          peer: field,
          call: field,
          sdp: field,
          state: field,
          text: field,
          channel: field,
          bytes: fc.integer(),
          candidate: field,
          ms: field,
          why: field,
        },
        { requiredKeys: ['kind'] },
      )
      .map((message) => JSON.stringify(message));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(bent, fc.string(), fc.json()), { maxLength: 20 }),
        async (lines) => {
          const { clock, say, remote } = await hostile();
          const states: string[] = [];
          const peer = remote.openPeer({
            onState: (state) => states.push(state),
            onMessage: (_channel, text = '') => expect(text.length).toBeLessThanOrEqual(2_048),
          });
          const answer = peer.answer('v=0').then(
            (sdp) => expect(lines.join()).toContain(JSON.stringify(sdp)),
            () => {},
          );
          for (const line of lines) {
            await say(line.replaceAll('\n', ' '));
            await clock.advance(300);
          }
          // It may claim anything of the one connection that was opened, until it is cut off.
          const legal = ['connecting', 'connected', 'disconnected', 'failed', 'closed'];
          expect(states.filter((state) => !legal.includes(state))).toEqual([]);
          expect(() => remote.setDesired({ ...on, sink: peer })).not.toThrow();
          await clock.advance(5_000);
          await answer;
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an agent that cannot be trusted', () => {
  it('whatever it says, nothing is thrown, and media is dark once it is cut off', async () => {
    const field = fc.oneof(
      fc.constantFrom(1, 2, 'v=0', null, true, [1, 2], '480p', 'normal', 0.5),
      fc.json(),
    );
    const good: ToMedia[] = [
      { kind: 'hello', relayCa: '' },
      { ...on, kind: 'desired', peers: [1], sink: 1 },
      {
        kind: 'offer',
        peer: 1,
        call: 1,
        sdp: 'v=0',
        trickle: true,
        ice: { servers: [], policy: 'all' },
      },
      { kind: 'measure', peer: 1, call: 2 },
      { kind: 'candidates', peer: 3, candidates: [] },
    ];
    const bent = fc
      .tuple(
        fc.constantFrom(...good),
        fc.constantFrom('peer', 'peers', 'sink', 'sdp', 'kind', 'call'),
        field,
      )
      .map(([message, key, value]) => JSON.stringify({ ...message, [key]: value }));
    const right = fc.constantFrom(...good).map((message) => JSON.stringify(message));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(right, bent, fc.string()), { maxLength: 20 }),
        async (lines) => {
          const world = await joined();
          await world.remote.close();
          const agent = world.both.newAgent();
          let closed = false;
          agent.onClose(() => {
            closed = true;
          });
          for (const line of [JSON.stringify(good[0]), ...lines]) {
            agent.send(line);
            await world.clock.advance(20);
          }
          if (lines.includes('')) expect(closed).toBe(true);
          agent.close();
          await world.clock.advance(50);
          expect(world.hardware.camera.state).toBe('idle');
          expect(world.peers.every((peer) => peer.closed)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

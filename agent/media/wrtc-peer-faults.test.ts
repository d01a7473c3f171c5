/** A library that throws wherever it can: nothing of it leaves the peer, and the process goes on. */
import { expect, it } from 'vitest';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { PeerState } from '../media-link/peer.ts';
import { OFFER, ThrowingLibrary } from './testing/throwing-library.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const ice = { servers: () => [], policy: 'all' as const };

async function answered(onMessage: () => void = () => {}, onVoice: () => void = () => {}) {
  const library = new ThrowingLibrary();
  const states: PeerState[] = [];
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_fields, message) => void errors.push(message) };
  const open = wrtcPeers({ ...ice, clock: new SimClock(), log }, library.native);
  const peer = open({ onState: (state) => states.push(state), onMessage, onVoice });
  const [connection] = library.connections;
  if (!connection) throw new Error('no connection was made');
  await peer.answer(OFFER);
  const control = connection.channel('control');
  return { library, connection, control, peer, states, errors };
}

const frame = { width: 2, height: 2, data: new Uint8ClampedArray(6), capturedAtMs: 0 };

it('a channel that closes between the look and the send: the words are lost, nothing else', async () => {
  const { library, control, peer, states } = await answered();
  expect(states).toEqual(['connected']);
  expect(peer.send('first')).toBe('sent');
  library.throwing.add('send');
  expect(peer.send('second')).toBe('failed');
  library.throwing.clear();
  control.readyState = 'closed';
  expect(peer.send('third')).toBe('notOpen');
  expect(control.sent).toEqual(['first']);
});

it.each(['onData', 'onFrame', 'getStats', 'send', 'close', 'stop', 'sink', 'addIceCandidate'])(
  'throws nothing when the library refuses: %s',
  async (name) => {
    const { library, connection, peer } = await answered();
    library.throwing.add(name);
    connection.ontrack?.({ track: { kind: 'audio' } });
    peer.sendAudio(new Int16Array(480));
    peer.sendVideo(frame);
    peer.addCandidates([{ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', mid: '0' }]);
    expect(await peer.stats()).toMatchObject({ roundTripMs: undefined });
    connection.channel('unknown');
    peer.send('word');
    peer.close();
    expect(library.called).toContain(name);
  },
);

it.each(['setRemoteDescription', 'addTrack', 'createAnswer', 'setLocalDescription'])(
  'an offer that cannot be answered rejects: %s',
  async (name) => {
    const library = new ThrowingLibrary();
    const open = wrtcPeers({ ...ice, clock: new SimClock(), log: silentLog }, library.native);
    const peer = open({ onState: () => {}, onMessage: () => {}, onVoice: () => {} });
    library.throwing.add(name);
    await expect(peer.answer(OFFER)).rejects.toThrow('gone in the meantime');
    library.throwing.add('*');
    peer.close();
  },
);

it('is harmless when all fails at once and for good, in any order', async () => {
  const { library, connection, control, peer, states } = await answered();
  library.throwing.add('*');
  Object.defineProperty(connection, 'connectionState', {
    get: () => {
      throw new Error('gone');
    },
  });
  Object.defineProperty(control, 'readyState', {
    get: () => {
      throw new Error('gone');
    },
  });
  connection.onconnectionstatechange?.();
  control.onopen?.();
  control.onmessage?.({ data: 'word' });
  control.onclose?.();
  peer.sendAudio(new Int16Array(480));
  peer.sendVideo(frame);
  expect(peer.send('word')).toBe('notOpen');
  await peer.stats();
  peer.close();
  expect(states.at(-1)).toBe('closed');
});

it('our own code that throws in a callback costs this connection, not the process', async () => {
  const bug = (): void => {
    throw new Error('bug');
  };
  const spoken = await answered(bug);
  spoken.control.onmessage?.({ data: 'word' });
  expect(spoken.states.at(-1)).toBe('failed');
  expect(spoken.errors).toEqual(['bug in a callback of the media library']);
  expect(spoken.library.called).toContain('close');
  spoken.control.onmessage?.({ data: 'another' });
  expect(spoken.errors).toHaveLength(1);

  const heard = await answered(undefined, bug);
  heard.connection.ontrack?.({ track: { kind: 'audio' } });
  const sound = { samples: new Int16Array(480), sampleRate: 48_000, bitsPerSample: 16 };
  heard.connection.sinks[0]?.ondata?.({ ...sound, channelCount: 1, numberOfFrames: 480 });
  expect(heard.states.at(-1)).toBe('failed');
});

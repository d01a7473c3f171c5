/** The way to the first picture on the real library. */
import { afterEach, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { PeerState } from '../media-link/peer.ts';
import { until } from './testing/until.ts';
import { native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const SIZE = { width: 1_280, height: 720 };
/** As many as the library drops of a large picture while it thinks that the way is narrow. */
const FRAMES = 4;
const clock = new SystemClock();
const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

it('shows one of the first four frames, and tells the pupil nothing of how', async () => {
  const states: PeerState[] = [];
  const peer = wrtcPeers({ servers: () => [], policy: 'all', clock, log: silentLog })({
    onState: (state) => states.push(state),
    onMessage: () => {},
    onVoice: () => {},
  });
  const pc = new native.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  left.push(
    () => peer.close(),
    () => pc.close(),
  );
  pc.createDataChannel('look', { ordered: false, maxRetransmits: 0 });
  pc.createDataChannel('control');
  pc.addTransceiver('video', { direction: 'recvonly' });
  let pictures = 0;
  pc.ontrack = ({ track }) => {
    const sink = new native.nonstandard.RTCVideoSink(track);
    sink.onframe = () => {
      pictures += 1;
    };
    left.push(() => sink.stop());
  };
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await peer.answer(pc.localDescription?.sdp ?? '', (candidate) => {
    if (candidate)
      void pc
        .addIceCandidate({ candidate: candidate.candidate, sdpMid: candidate.mid ?? '0' })
        .catch(() => {});
  });
  expect(answer).not.toContain('x-google');
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
  await until(clock, () => states.includes('connected'));
  const data = new Uint8ClampedArray((SIZE.width * SIZE.height * 3) / 2).fill(90);
  for (let sent = 0; sent < FRAMES; sent++) {
    peer.sendVideo({ ...SIZE, data, capturedAtMs: clock.now() });
    await delay(clock, 34);
  }
  await until(clock, () => pictures > 0);
});

/** ICE restart on the real library: new credentials and candidates, the same DTLS, channels and media. */
import { afterEach, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { PeerState } from '../media-link/peer.ts';
import { until } from './testing/until.ts';
import { native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const clock = new SystemClock();
const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

const field = (sdp: string, name: string): string | undefined =>
  new RegExp(`^a=${name}:(.*)\r$`, 'm').exec(sdp)?.[1];

it('keeps words and pictures flowing, several times, also while the picture is being tuned', async () => {
  const states: PeerState[] = [];
  const heard: string[] = [];
  const open = wrtcPeers({ servers: () => [], policy: 'all', clock, log: silentLog });
  const peer = open({
    onState: (state) => states.push(state),
    onMessage: (_channel, text) => heard.push(text ?? ''),
    onVoice: () => {},
  });
  const pc = new native.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  left.push(
    () => peer.close(),
    () => pc.close(),
  );
  pc.createDataChannel('look', { ordered: false, maxRetransmits: 0 });
  const control = pc.createDataChannel('control');
  pc.addTransceiver('video', { direction: 'recvonly' });
  pc.addTransceiver('audio', { direction: 'recvonly' });
  let pictures = 0;
  pc.ontrack = ({ track }) => {
    if (track.kind !== 'video') return;
    const sink = new native.nonstandard.RTCVideoSink(track);
    sink.onframe = () => {
      pictures += 1;
    };
    left.push(() => sink.stop());
  };
  const data = new Uint8ClampedArray((320 * 240 * 3) / 2).fill(90);
  const camera = clock.every(33, () =>
    peer.sendVideo({ width: 320, height: 240, data, capturedAtMs: clock.now() }),
  );
  left.push(() => camera.cancel());

  const exchange = async (options: RTCOfferOptions): Promise<string> => {
    await pc.setLocalDescription(await pc.createOffer(options));
    const offer = pc.localDescription?.sdp ?? '';
    const answer = await peer.answer(offer, (candidate) => {
      if (candidate)
        void pc
          .addIceCandidate({ candidate: candidate.candidate, sdpMid: candidate.mid ?? '0' })
          .catch(() => {});
    });
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    return answer;
  };

  const first = await exchange({});
  await until(clock, () => states.includes('connected') && pictures > 3);
  // The picture's own renegotiation comes 2-3 s after connecting: the restarts lie around it.
  let last = first;
  for (let n = 0; n < 8; n++) {
    const answer = await exchange({ iceRestart: true });
    expect(field(answer, 'ice-ufrag')).not.toBe(field(last, 'ice-ufrag'));
    expect(field(answer, 'fingerprint')).toBe(field(first, 'fingerprint'));
    last = answer;
    const before = pictures;
    control.send(`word ${n}`);
    await until(clock, () => heard.includes(`word ${n}`) && pictures > before + 3);
    await delay(clock, 300);
  }
  expect(states.filter((state) => state !== 'connected')).toEqual([]);
  expect(control.readyState).toBe('open');
});

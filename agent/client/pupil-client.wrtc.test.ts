/** The whole way in over a real WebRTC stack in one process: bind, join, talk, leave. */
import wrtc from '@roamhq/wrtc';
import { afterEach, expect, test } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import type { OfferReply } from '../model/offer.ts';
import { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import type { RtcParts } from './call.ts';
import { memoryStore } from './key-value-store.ts';
import { PupilClient } from './pupil-client.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function answerWith(messages: string[]): (sdp: string) => Promise<OfferReply> {
  return async (sdp) => {
    const pc = new wrtc.RTCPeerConnection();
    open.push(pc);
    pc.ondatachannel = ({ channel }) => {
      channel.onmessage = ({ data }) => {
        messages.push(`${channel.label} ${JSON.parse(data).kind}`);
        const { kind, seq, sentAtMs } = JSON.parse(data);
        if (kind === 'alive') channel.send(JSON.stringify({ kind, seq, sentAtMs, robotAtMs: 1 }));
        if (kind === 'hangUp') channel.send(JSON.stringify({ kind: 'ended', why: 'hangUp' }));
      };
    };
    const source = new wrtc.nonstandard.RTCVideoSource();
    await pc.setRemoteDescription({ type: 'offer', sdp });
    const [video] = pc.getTransceivers().filter((one) => one.receiver.track.kind === 'video');
    await video?.sender.replaceTrack(source.createTrack());
    if (video) video.direction = 'sendonly';
    await pc.setLocalDescription(await pc.createAnswer());
    await new Promise<void>((resolve) => {
      if (pc.iceGatheringState === 'complete') return resolve();
      pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
    });
    return { ok: true, sdp: pc.localDescription?.sdp ?? '' };
  };
}

test('binds by invitation, joins, commands arrive, hangs up', async () => {
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock: new SystemClock() });
  const messages: string[] = [];
  const answer = answerWith(messages);
  robot.session.answer = (_from, sdp) => answer(sdp);
  const rtc = wrtc as unknown as RtcParts;
  const client = new PupilClient({ transport: broker.forPupil, rtc, keys: memoryStore() });
  const states: string[] = [];
  client.on('connection', ({ name }) => states.push(name));
  const media: string[] = [];
  client.on('video', () => media.push('video'));

  const binding = await client.bind((await robot.invite()).invitation);
  await client.join(binding, undefined);
  client.raiseHand(true);
  client.look(10, 5);
  await expect.poll(() => messages).toContain('look look');
  expect(messages).toContain('control hand');
  expect(messages).toContain('control alive');
  await client.leave();

  expect(states).toEqual(['reaching', 'handshaking', 'joining', 'inClass', 'ended']);
  expect(media).toEqual(['video']);
  expect(client.connection).toEqual({ name: 'ended', why: 'hangUp' });
});

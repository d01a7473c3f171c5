/** Offers of pupils who ask for more than was agreed, answered by the real library. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { agreedOffer, beyondAgreement } from '../media-link/agreed-media.ts';
import type { PeerState } from '../media-link/peer.ts';
import { OFFER, ThrowingLibrary } from './testing/throwing-library.ts';
import { native } from './wrtc.ts';
import { wrtcPeers } from './wrtc-peer.ts';

const clock = new SystemClock();
const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

async function until(done: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = clock.now() + limitMs;
  while (!(await done())) {
    if (clock.now() > end) throw new Error(`not reached within ${limitMs} ms`);
    await delay(clock, 10);
  }
}

function robot() {
  const states: PeerState[] = [];
  const voices: Int16Array[] = [];
  const open = wrtcPeers({ servers: () => [], policy: 'all', clock, log: silentLog });
  const peer = open({
    onState: (state) => states.push(state),
    onMessage: () => {},
    onVoice: (samples) => voices.push(samples),
  });
  left.push(() => peer.close());
  return { peer, states, voices };
}

type Init = RTCRtpTransceiverInit;
type Line = ['video' | 'audio', Init];

/** A pupil who offers these lines, and sends wherever the robot lets it. */
function pupil(lines: Line[], channels = ['look', 'control']) {
  const pc = new native.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  left.push(() => pc.close());
  for (const label of channels) pc.createDataChannel(label);
  const cameras: { onFrame(frame: object): void }[] = [];
  for (const [kind, init] of lines) {
    if (kind === 'audio' || init.direction === 'recvonly') pc.addTransceiver(kind, init);
    else {
      const source = new native.nonstandard.RTCVideoSource({ needsDenoising: false });
      const track = source.createTrack();
      left.push(() => track.stop());
      cameras.push(source as unknown as { onFrame(frame: object): void });
      pc.addTransceiver(track, init);
    }
  }
  const data = new Uint8Array((320 * 240 * 3) / 2).fill(90);
  const shooting = clock.every(33, () => {
    for (const camera of cameras) camera.onFrame({ width: 320, height: 240, data });
  });
  left.push(() => shooting.cancel());
  const offer = async (bend: (sdp: string) => string = (sdp) => sdp): Promise<string> => {
    await pc.setLocalDescription(await pc.createOffer());
    await until(() => pc.iceGatheringState === 'complete');
    return bend(pc.localDescription?.sdp ?? '');
  };
  return { pc, offer };
}

const bytesSent = async (pc: RTCPeerConnection, kind: string): Promise<number> => {
  let bytes = 0;
  for (const row of (await pc.getStats()).values())
    if (row.type === 'outbound-rtp' && row.kind === kind) bytes += row.bytesSent;
  return bytes;
};

/** Each media section of an answer: what it is, and whether it lives in which direction. */
const shape = (answer: string): string[] =>
  answer
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => {
      const [, media, port] = /^m=(\S+) (\d+)/.exec(section) ?? [];
      const [, direction] = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(section) ?? [];
      return port === '0' ? `${media} refused` : `${media} ${direction ?? ''}`.trim();
    });

async function connected(lines: Line[], channels?: string[]) {
  const its = robot();
  const { pc, offer } = pupil(lines, channels);
  const answer = await its.peer.answer(await offer());
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
  await until(() => its.states.includes('connected'));
  return { ...its, pc, answer };
}

const usual: Line[] = [
  ['video', { direction: 'recvonly' }],
  ['audio', { direction: 'sendrecv' }],
];

describe('in the answer', () => {
  it.each<[string, Line[], string[]]>([
    ['what is agreed', usual, ['video sendonly', 'audio sendrecv']],
    [
      'a second picture of the pupil',
      [...usual, ['video', { direction: 'sendonly' }]],
      ['video sendonly', 'audio sendrecv', 'video refused'],
    ],
    [
      "the pupil's own picture on the first line",
      [['video', { direction: 'sendrecv' }], usual[1] as Line],
      ['video sendonly', 'audio sendrecv'],
    ],
    [
      'several layers of it',
      [
        [
          'video',
          { direction: 'sendrecv', sendEncodings: [{ rid: 'a' }, { rid: 'b' }, { rid: 'c' }] },
        ],
        usual[1] as Line,
      ],
      ['video sendonly', 'audio sendrecv'],
    ],
    [
      'a second voice, and a second picture to be sent',
      [...usual, ['audio', { direction: 'sendrecv' }], ['video', { direction: 'recvonly' }]],
      ['video sendonly', 'audio sendrecv', 'audio refused', 'video refused'],
    ],
  ])('%s', async (_name, lines, expected) => {
    const { peer, answer } = await connected(lines);
    expect(shape(answer)).toEqual([...expected, 'application']);
    expect(beyondAgreement(answer)).toBeUndefined();
    expect((await peer.stats()).roundTripMs).toBeDefined();
  });

  it('nothing of a pupil who offers nothing but a picture', async () => {
    const { peer } = robot();
    const { offer } = pupil([['video', { direction: 'sendonly' }]]);
    expect(shape(await peer.answer(await offer()))).toEqual(['video refused', 'application']);
  });

  it('and on the wire: no byte of a picture that was not agreed, while the voice goes on', async () => {
    const { pc } = await connected([
      ['video', { direction: 'sendrecv' }],
      ['audio', { direction: 'sendrecv' }],
      ['video', { direction: 'sendonly' }],
    ]);
    await delay(clock, 1_500);
    expect(await bytesSent(pc, 'video')).toBe(0);
  });
});

describe('an offer that cannot be cut down is refused', () => {
  it.each<[string, (sdp: string) => string]>([
    ['a thousand sections', (sdp) => sdp + 'm=audio 9 RTP/AVP 0\r\n'.repeat(1_000)],
    ['no bundle', (sdp) => sdp.replace(/^a=group:BUNDLE.*\r\n/m, '')],
    [
      'a bundle of some only',
      (sdp) => sdp.replace(/^a=group:BUNDLE.*/m, 'a=group:BUNDLE 0\r\na=group:BUNDLE 1 2'),
    ],
    ['no data channels', (sdp) => sdp.replace(/^m=application \d+/m, 'm=application 0')],
    ['names that are one', (sdp) => sdp.replaceAll(/^a=mid:.*/gm, 'a=mid:0')],
    ['no names', (sdp) => sdp.replaceAll(/^a=mid:.*\r\n/gm, '')],
    ['a line of 10 kB', (sdp) => `${sdp}a=x:${'y'.repeat(10_000)}\r\n`],
    [
      'a media line without a port, which no answer could refuse',
      (sdp) => `${sdp}m=\r\na=mid:7\r\n`,
    ],
    ['a media line without a format', (sdp) => `${sdp}m=audio 9 RTP/AVP\r\na=mid:7\r\n`],
    ['a media line inside another', (sdp) => `${sdp}a=x\rm=video 9 RTP/AVP 96\r\n`],
    ['no media', (sdp) => sdp.slice(0, sdp.indexOf('m='))],
    ['nothing', () => ''],
  ])('%s', async (_name, bend) => {
    const { peer } = robot();
    await expect(peer.answer(await pupil(usual).offer(bend))).rejects.toThrow();
  });

  it('and whatever it is, it comes to an answer within the agreement or to a refusal', () => {
    const line = fc.oneof(
      fc.constantFrom(...OFFER.split('\r\n')),
      fc.constantFrom('a=sendonly', 'a=bundle-only', 'a=mid:7', 'm=text 9 RTP/AVP 98', 'm='),
      fc.string(),
    );
    const bent = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\r\n'));
    fc.assert(
      fc.property(fc.oneof(bent, fc.string()), (sdp) => {
        const agreed = agreedOffer(sdp);
        if (!agreed.ok) return;
        const live = shape(agreed.sdp).filter((each) => !each.endsWith('refused'));
        expect(live.filter((each) => each.startsWith('application'))).toHaveLength(1);
        expect(live.length).toBe(agreed.has.size);
        for (const each of live) expect(each).toMatch(/^(?:video recvonly|audio|application)/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an answer is looked at before it is given', () => {
  it.each([
    ['m=video 9 X 1\r\na=sendrecv', 'a picture that is sendrecv'],
    ['m=video 9 X 1\r\na=recvonly', 'a picture that is recvonly'],
    ['m=video 9 X 1', 'a picture that is sendrecv'],
    ['m=video 9 X 1\r\na=sendonly\r\nm=video 9 X 1\r\na=sendonly', 'two of video'],
    ['m=audio 9 X 1\r\nm=audio 9 X 1', 'two of audio'],
    ['m=text 9 X 1', 'media text'],
  ])('%j', async (sections, why) => {
    expect(beyondAgreement(`v=0\r\n${sections}\r\n`)).toBe(why);
    const library = new ThrowingLibrary();
    library.answer = `v=0\r\n${sections}\r\n`;
    const parts = { servers: () => [], policy: 'all' as const, log: silentLog };
    const open = wrtcPeers({ ...parts, clock: new SimClock() }, library.native);
    const peer = open({ onState: () => {}, onMessage: () => {}, onVoice: () => {} });
    await expect(peer.answer(OFFER)).rejects.toThrow(why);
    expect(library.called).not.toContain('setLocalDescription');
  });
});

describe('data channels', () => {
  it('others than the two are closed unheard; a swarm of them ends the connection', async () => {
    const few = await connected(usual, ['look', 'control', 'control', 'files', '__proto__']);
    await delay(clock, 200);
    expect(few.states.at(-1)).toBe('connected');
    const swarm = robot();
    const labels = Array.from({ length: 200 }, (_, n) => `c${n}`);
    const { pc, offer } = pupil(usual, ['look', 'control', ...labels]);
    const answer = await swarm.peer.answer(await offer());
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    await until(() => swarm.states.includes('failed'));
  });

  it('a flood of messages ends the connection, not the process', async () => {
    const its = robot();
    const { pc, offer } = pupil(usual, []);
    const control = pc.createDataChannel('control');
    await pc.setRemoteDescription({ type: 'answer', sdp: await its.peer.answer(await offer()) });
    await until(() => its.states.includes('connected'));
    for (let n = 0; n < 5_000 && control.readyState === 'open'; n++) control.send('x');
    await until(() => its.states.includes('failed'));
  });
});

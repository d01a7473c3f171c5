import { describe, expect, it } from 'vitest';
import { withVideoCodecFirst, withVideoStartBitrate } from './low-delay-sdp.ts';

const offer = [
  'v=0',
  's=-',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'm=video 9 UDP/TLS/RTP/SAVPF 102 96 97 98',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 packetization-mode=1',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 VP9/90000',
  'a=fmtp:98 profile-id=0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  '',
].join('\r\n');

const lines = (sdp: string): string[] => sdp.split('\r\n');

describe('withVideoCodecFirst', () => {
  it('moves the codec to the front of the video line and touches nothing else', () => {
    const changed = withVideoCodecFirst(offer, 'VP8');
    expect(lines(changed)).toContain('m=video 9 UDP/TLS/RTP/SAVPF 96 102 97 98');
    expect(changed.length).toBe(offer.length);
    expect(withVideoCodecFirst(changed, 'vp8')).toBe(changed);
  });

  it('leaves an offer alone that does not have the codec', () => {
    expect(withVideoCodecFirst(offer, 'AV1')).toBe(offer);
  });
});

describe('withVideoStartBitrate', () => {
  it('adds the parameter to each picture codec, with or without a line of its own', () => {
    const changed = lines(withVideoStartBitrate(offer, 40_000));
    expect(changed).toContain('a=fmtp:96 x-google-start-bitrate=40000');
    expect(changed).toContain('a=fmtp:98 profile-id=0;x-google-start-bitrate=40000');
    expect(changed).toContain('a=fmtp:102 packetization-mode=1;x-google-start-bitrate=40000');
    expect(changed).toContain('a=fmtp:97 apt=96');
    expect(changed).toContain('a=fmtp:111 minptime=10;useinbandfec=1');
  });

  it('replaces an earlier value', () => {
    const twice = withVideoStartBitrate(withVideoStartBitrate(offer, 40_000), 39_000.4);
    expect(twice).toBe(withVideoStartBitrate(offer, 39_000));
  });

  it('keeps a description without video as it is', () => {
    const audioOnly = offer.slice(0, offer.indexOf('m=video'));
    expect(withVideoStartBitrate(audioOnly, 40_000)).toBe(audioOnly);
  });
});

import { describe, expect, it } from 'vitest';
import { judgePcm, namesOf, parseAlsaDevices } from './alsa-devices.ts';

/* /proc/asound of computers that people have. */

const pi = parseAlsaDevices(
  `00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
03-00: USB Audio : USB Audio : playback 1 : capture 1
`,
  ` 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [vc4hdmi1       ]: vc4-hdmi - vc4-hdmi-1
                      vc4-hdmi-1
 3 [Device         ]: USB-Audio - USB PnP Sound Device
                      C-Media Electronics Inc. USB PnP Sound Device at usb-0000:01:00.0-1.3
`,
);
const laptop = parseAlsaDevices(
  `00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
00-07: HDMI 1 : HDMI 1 : playback 1
`,
  ' 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n',
);
/** The graphics card came first, and its only devices are 3 and 7. */
const hdmiFirst = parseAlsaDevices(
  '00-03: HDMI 0 : HDMI 0 : playback 1\n01-00: ALC1220 Analog : ALC1220 Analog : playback 1 : capture 1\n',
  ' 0 [HDMI           ]: HDA-Intel - HDA ATI HDMI\n 1 [Generic        ]: HDA-Intel - HD-Audio Generic\n',
);

describe('sound devices of ALSA', () => {
  it('are read with what they can do', () => {
    expect(
      pi.map(({ card, cardId, device, directions }) => [card, cardId, device, directions]),
    ).toEqual([
      [0, 'vc4hdmi0', 0, ['playback']],
      [1, 'vc4hdmi1', 0, ['playback']],
      [3, 'Device', 0, ['capture', 'playback']],
    ]);
    expect(namesOf(pi, 'capture')).toEqual(['plughw:CARD=Device,DEV=0 (USB Audio)']);
    expect(parseAlsaDevices('', '')).toEqual([]);
    expect(parseAlsaDevices('00-00: x : x : capture 0', '')[0]?.directions).toEqual([]);
  });

  it.each([
    ['hw:7', 'capture', pi, 'missing'],
    ['hw:7,0', 'playback', pi, 'missing'],
    ['hw:0', 'capture', pi, 'otherWay'],
    ['hw:0', 'playback', pi, 'there'],
    ['hw:3', 'capture', pi, 'there'],
    ['hw:3,1', 'capture', pi, 'missing'],
    ['hw:3,0,0', 'capture', pi, 'there'],
    ['plughw:Device', 'capture', pi, 'there'],
    ['hw:CARD=Device,DEV=0', 'capture', pi, 'there'],
    ['hw:CARD=Device,DEV=4', 'capture', pi, 'missing'],
    ['hw:CARD=Other', 'playback', pi, 'missing'],
    ['dsnoop:CARD=vc4hdmi0', 'capture', pi, 'otherWay'],
    ['sysdefault:CARD=Device', 'capture', pi, 'there'],
    ['hdmi:CARD=PCH,DEV=0', 'playback', laptop, 'there'],
    ['hw:PCH,7', 'playback', laptop, 'there'],
    ['hw:PCH,7', 'capture', laptop, 'otherWay'],
    ['default', 'playback', pi, 'there'],
    ['default', 'capture', pi, 'firstLacks'],
    ['sysdefault', 'capture', pi, 'firstLacks'],
    ['default', 'capture', laptop, 'there'],
    ['default', 'playback', hdmiFirst, 'firstLacks'],
    ['mixed', 'capture', pi, 'unknown'],
    ['pipewire', 'capture', pi, 'unknown'],
    ['hw:', 'capture', pi, 'unknown'],
    ['hw:0,x', 'capture', pi, 'unknown'],
  ] as const)('%s for %s', (name, direction, devices, kind) => {
    expect(judgePcm(name, direction, devices).kind).toBe(kind);
  });

  it('a default that somebody has set may be anything', () => {
    expect(judgePcm('default', 'capture', pi, true).kind).toBe('unknown');
    expect(judgePcm('hw:0', 'capture', pi, true).kind).toBe('otherWay');
  });
});

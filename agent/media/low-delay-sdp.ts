/** Text changes to a pupil's offer before libwebrtc in the agent sees it. Nothing of it is sent. */

/** Helpers of a codec (repair, redundancy): never a picture's own payload. */
const HELPER_CODECS = /^(rtx|red|ulpfec|flexfec-03)$/i;

/**
 * Lets the encoder of choice come first: the answerer sends the first codec of the offer that it
 * knows. Unchanged when the offer does not have the codec.
 */
export function withVideoCodecFirst(sdp: string, codec: string): string {
  return mapVideo(sdp, (section) => {
    const wanted = payloads(section).filter(
      ({ name }) => name.toLowerCase() === codec.toLowerCase(),
    );
    const first = new Set(wanted.map(({ type }) => type));
    return section.replace(/^(m=video \d+ \S+) ([\d ]+)/, (_line, head: string, types: string) => {
      const all = types.trim().split(' ');
      const ordered = [...all.filter((t) => first.has(t)), ...all.filter((t) => !first.has(t))];
      return `${head} ${ordered.join(' ')}`;
    });
  });
}

/**
 * Sets the bandwidth estimate to `kbps` when the description is applied and the value differs from
 * the one applied before. It is a starting point, not a bound: congestion control goes on from it,
 * and the encoder's own maximum (1700 kbit/s to 640x480, 2500 above) is not touched. Not to be
 * combined with x-google-max-bitrate or b=AS, which lift the encoder's maximum as well.
 */
export function withVideoStartBitrate(sdp: string, kbps: number): string {
  return mapVideo(sdp, (section) =>
    payloads(section)
      .filter(({ name }) => !HELPER_CODECS.test(name))
      .reduce(
        (text, { type }) => withParameter(text, type, 'x-google-start-bitrate', Math.round(kbps)),
        section,
      ),
  );
}

function mapVideo(sdp: string, change: (section: string) => string): string {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => (section.startsWith('m=video') ? change(section) : section))
    .join('');
}

function payloads(section: string): { type: string; name: string }[] {
  return [...section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)\//gm)].map(([, type = '', name = '']) => ({
    type,
    name,
  }));
}

function withParameter(section: string, type: string, name: string, value: number): string {
  const line = new RegExp(`^a=fmtp:${type} ([^\\r\\n]*)`, 'm');
  const existing = line.exec(section)?.[1];
  if (existing === undefined) {
    const rtpmap = new RegExp(`^(a=rtpmap:${type} [^\\r\\n]*)(\\r?\\n)`, 'm');
    return section.replace(rtpmap, `$1$2a=fmtp:${type} ${name}=${value}$2`);
  }
  const others = existing
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith(`${name}=`));
  return section.replace(line, `a=fmtp:${type} ${[...others, `${name}=${value}`].join(';')}`);
}

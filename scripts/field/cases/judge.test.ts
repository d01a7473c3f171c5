import { expect, it } from 'vitest';
import type { End } from '../pupils/probe.ts';
import { wayInWords, whyNotThat } from './judge.ts';

const end = (type: string, relayProtocol?: string): End => ({
  type,
  protocol: 'udp',
  relayProtocol,
  address: undefined,
});
const host = end('host');
const mapped = end('srflx');
const learnt = end('prflx');
const udp = end('relay', 'udp');
const tcp = end('relay', 'tcp');
const tls = end('relay', 'tls');

it('a case passes only on its expected path', () => {
  const ways = [
    { way: { local: host, remote: host }, is: ['lan'] },
    { way: { local: host, remote: learnt }, is: ['lan', 'direct'] },
    { way: { local: mapped, remote: mapped }, is: ['direct'] },
    { way: { local: host, remote: mapped }, is: ['direct'] },
    { way: { local: udp, remote: learnt }, is: ['relay/udp'] },
    { way: { local: host, remote: end('relay') }, is: ['relay/udp'] },
    { way: { local: tcp, remote: end('relay') }, is: ['relay/tcp'] },
    { way: { local: tls, remote: end('relay') }, is: ['relay/tls'] },
  ];
  for (const { way, is } of ways)
    for (const expected of ['lan', 'direct', 'relay/udp', 'relay/tcp', 'relay/tls'] as const) {
      const why = whyNotThat(expected, way);
      expect(why === undefined, `${wayInWords(way)} as ${expected}`).toBe(is.includes(expected));
    }
});

it('reports the expected and the actual path', () => {
  expect(whyNotThat('relay/tls', { local: tcp, remote: end('relay') })).toBe(
    'expected relay/tls, got relay/tcp - relay',
  );
  expect(whyNotThat('direct', undefined)).toBe('expected direct, got no connection');
});

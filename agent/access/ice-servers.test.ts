import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { IceConfig, IceServerConfig, IceServerList } from './ice-servers.ts';

const relay = IceServerConfig.parse({
  urls: ['turn:turn.example', 'turns:turn.example:443?transport=tcp'],
  secret: 'north',
  credentialTtlS: 3_600,
});
const NOW_S = 1_790_000_000;

function registry({ servers = [relay], trusted = true, wallMs = NOW_S * 1_000 } = {}) {
  return new IceServerList({
    ...{ ice: { servers }, robot: 'robot-7' },
    ...{ wall: () => wallMs, clockTrusted: () => trusted },
  });
}

test('credentials expire, belong to one end each, and contain no secret', () => {
  const ours = registry().forRobot();
  const theirs = registry().forPupil(0)?.iceServers;
  const credential = (username: string): string =>
    createHmac('sha1', 'north').update(username).digest('base64');
  expect(ours).toEqual([
    {
      urls: relay.urls,
      username: `${NOW_S + 3_600}:robot-7`,
      credential: credential(`${NOW_S + 3_600}:robot-7`),
    },
  ]);
  expect(theirs?.[0]?.username).toBe(`${NOW_S + 3_600}:robot-7-pupil`);
  expect(JSON.stringify([ours, theirs])).not.toContain('north');
});

test('uses the pupil’s clock only while the robot’s time is unknown', () => {
  const lost = registry({ trusted: false, wallMs: 0 });
  expect(lost.forRobot()[0]?.username).toBe('3600:robot-7');
  expect(lost.forPupil(NOW_S)?.iceServers[0]?.username).toBe(`${NOW_S + 3_600}:robot-7-pupil`);
  expect(lost.forRobot()[0]?.username, 'and so does its own end').toBe(`${NOW_S + 3_600}:robot-7`);
  const sure = registry().forPupil(NOW_S + 10 * 365 * 86_400);
  expect(sure?.iceServers[0]?.username).toBe(`${NOW_S + 3_600}:robot-7-pupil`);
});

test('fixed credentials, open servers, and which end uses which', () => {
  const config = IceConfig.parse({
    servers: [
      { urls: 'stun:stun.example' },
      { urls: 'turn:10.0.0.5', username: 'u', credential: 'c', for: 'robot' },
      { urls: 'turn:turn.example', secret: 's', for: 'pupils' },
    ],
    policy: 'all',
  });
  const both = registry({ servers: config.servers });
  expect(both.forRobot()).toEqual([
    { urls: 'stun:stun.example' },
    { urls: 'turn:10.0.0.5', username: 'u', credential: 'c' },
  ]);
  expect(both.forPupil(0)?.iceServers.map(({ urls }) => urls)).toEqual([
    'stun:stun.example',
    'turn:turn.example',
  ]);
  expect(registry({ servers: [] }).forPupil(0)).toBeUndefined();
});

test.each([
  [{ urls: 'turn:turn.example' }, /relay asks for them/],
  [{ urls: 'turn:turn.example', username: 'u' }, /together/],
  [{ urls: 'turn:t', username: 'u', credential: 'c', secret: 's' }, /not both/],
  [{ urls: 'turn:t?transport=sctp', secret: 's' }, /expected an address/],
  [{ urls: 'stun:t?transport=tcp' }, /expected an address/],
  [{ urls: 'https://turn.example' }, /expected an address/],
  [{ urls: [] }, /expected 1 to 8/],
  [{ urls: 7 }, /expected an address, or a list/],
  [{ urls: 'turn:t', secret: 's', credentialTtlS: 10 }, /300/],
  [{ urls: 'turn:t', secret: 's', who: 'me' }, /who/],
])('%j is refused, with what was expected', (server, why) => {
  const parsed = IceServerConfig.safeParse(server);
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues[0]?.message).toMatch(why);
});

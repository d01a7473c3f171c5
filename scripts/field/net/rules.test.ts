import { expect, it } from 'vitest';
import { internetRules, routerRules } from './rules.ts';

const open = { nat: 'endpointIndependent', lets: 'everything' } as const;

it('a home router drops unsolicited inbound packets', () => {
  const rules = routerRules(open);
  expect(rules).toContain('oifname "wan" masquerade \n');
  expect(rules.match(/iifname "wan" ct state new drop/g)).toHaveLength(2);
  expect(rules).not.toMatch(/oifname "wan".* drop/);
});

it('symmetric NAT uses a random port for each destination', () => {
  expect(routerRules({ ...open, nat: 'symmetric' })).toContain('masquerade fully-random');
});

it('outbound traffic that a strict network allows', () => {
  const tcp = routerRules({ ...open, lets: 'tcp' });
  expect(tcp).toContain('oifname "wan" meta l4proto != tcp drop');
  expect(tcp).not.toContain('dport');
  const tls = routerRules({ ...open, lets: 'tls443' });
  expect(tls).toContain('oifname "wan" tcp dport != 443 drop');
  expect(tls).toContain('oifname "wan" meta l4proto != tcp drop');
});

it('a captive portal answers for every web server and forwards nothing', () => {
  const rules = routerRules({ ...open, lets: 'portal' });
  expect(rules).toContain('iifname "lan" tcp dport 443 redirect');
  expect(rules.split('chain through')[1]).toMatch(/^drop$/m);
});

it('an unreachable server drops packets; also a single port', () => {
  expect(internetRules({ shut: [] })).not.toContain('drop');
  expect(internetRules({ shut: [{ server: 'stun' }] })).toContain('ip daddr 203.0.113.40 drop');
  expect(internetRules({ shut: [{ server: 'turn', tcp: 443 }] })).toContain(
    'ip daddr 203.0.113.10 tcp dport 443 drop',
  );
});

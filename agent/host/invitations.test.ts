import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvitationDesk } from './invitations.ts';

let folder: string;
let page: string;
let made: number;
let used: Set<string>;
let away: boolean;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-invite-'));
  page = 'http://127.0.0.1:8300/pupil/';
  made = 0;
  used = new Set();
  away = false;
});

afterEach(() => rm(folder, { recursive: true }));

/** A new desk each time, as after a restart. */
function desk(): InvitationDesk {
  const admin = {
    invite: async () => {
      if (away) throw new Error('the agent is not there');
      made += 1;
      const id = String(made);
      return {
        ok: true as const,
        verb: 'invite' as const,
        id,
        link: `${page}#s=${id}`,
        expires: 99,
      };
    },
    status: async () => {
      const invitations = Array.from({ length: made }, (_, i) => ({
        ...{ id: String(i + 1), issuedAt: 0, expiresAt: 0 },
        state: used.has(String(i + 1)) ? ('used' as const) : ('open' as const),
      }));
      return {
        ...{ ok: true as const, verb: 'status' as const, robot: 'sim-1', robotKey: '', phase: '' },
        ...{ devices: 0, invitations, refused: {} },
      };
    },
  };
  return new InvitationDesk(admin, path.join(folder, 'invitation.json'), () => page);
}

describe('InvitationDesk', () => {
  it('shows the same link until it was used, over restarts too', async () => {
    expect((await desk().current()).link).toBe(`${page}#s=1`);
    expect((await desk().current()).link).toBe(`${page}#s=1`);
    used.add('1');
    expect((await desk().current()).link).toBe(`${page}#s=2`);
  });

  it('makes a new one for another address, and when asked', async () => {
    await desk().current();
    page = 'http://127.0.0.1:8400/pupil/';
    expect((await desk().current()).link).toBe(`${page}#s=2`);
    expect((await desk().renew()).link).toBe(`${page}#s=3`);
  });

  it('draws the code of the link', async () => {
    page = 'https://192.168.1.20:8301/pupil/';
    expect((await desk().current()).qrSvg).toMatch(/^<svg/);
  });

  it.each([
    'http://127.0.0.1:8300/pupil/',
    'http://localhost:8300/pupil/',
    'http://[::1]:8300/pupil/',
  ])('draws none of %s, which leads a tablet to itself', async (own) => {
    page = own;
    expect((await desk().current()).qrSvg).toBeNull();
  });

  it('answers 503 while the agent is away', async () => {
    away = true;
    expect(await desk().answer('current')).toEqual({
      status: 503,
      body: { error: 'agentAway', why: 'the agent is not there' },
    });
  });
});

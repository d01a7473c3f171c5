import { jsonFlag, textFlag } from '../../command/flag.ts';
import { fleetGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { type Call, EXIT, usageError, type Verb } from '../../command/verb.ts';
import { dirFlag, outFlag, passphraseFlag } from '../../fleet/fleet-flags.ts';
import type { FleetFolder } from '../../fleet/fleet-folder.ts';

export const fleetRevoke: Verb = {
  name: 'revoke',
  parent: fleetGroup,
  operands: [
    {
      name: 'WHAT',
      about: {
        en: 'a robot, a grant’s id, or a key’s thumbprint',
        nl: 'een robot, de id van een toegang, of een vingerafdruk',
        sv: 'en robot, ett tillträdes id, eller ett fingeravtryck',
      },
    },
  ],
  summary: {
    en: 'shuts out a robot, a grant or a person’s key',
    nl: 'sluit een robot, een toegang of iemands sleutel buiten',
    sv: 'stänger ute en robot, ett tillträde eller en nyckel',
  },
  flags: { out: outFlag, dir: dirFlag, 'passphrase-file': passphraseFlag, json: jsonFlag },
  examples: [
    {
      args: ['fleet', 'revoke', 'robot-7'],
      about: {
        en: 'a robot was stolen: its certificate is void',
        nl: 'een robot is gestolen: zijn certificaat geldt niet meer',
        sv: 'en robot har stulits: dess certifikat gäller inte längre',
      },
    },
  ],
  async run(call) {
    const [{ withFleet }, { fleetWords }] = await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../fleet/words.ts'),
    ]);
    const say = translator(fleetWords, call.language);
    const [what = ''] = call.words;
    const { json } = call.flags;
    return withFleet(call, async (fleet) => {
      const robots = await fleet.robots();
      if (robots.some(({ id }) => id === what)) {
        const { revokeRobot } = await import('../../fleet/fleet-robots.ts');
        await revokeRobot(fleet, what, call.clock.wall());
        call.terminal.line(
          json
            ? JSON.stringify({ robot: what })
            : say('robotRevoked', { robot: what, command: 'deskmate fleet brokers' }),
        );
        return EXIT.ok;
      }
      const file = await revokeAccess(call, fleet, what);
      if (json) call.terminal.line(JSON.stringify({ revoked: what, orders: file ?? null }));
      else {
        call.terminal.line(say('accessRevoked', { what }));
        call.terminal.line(file ? say('revokeOrders', { file }) : say('revokeNoOrders'));
      }
      return EXIT.ok;
    });
  },
};

/** The file of orders, one JSON document a line, if one was asked for. */
async function revokeAccess(
  call: Call,
  fleet: FleetFolder,
  what: string,
): Promise<string | undefined> {
  const [{ newId, writeOutput }, { DocumentId }, { Thumbprint }, { OrderSigner }] =
    await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../../../agent/wire/grant.ts'),
      import('../../../../agent/wire/signalling.ts'),
      import('../../../../agent/fleet-client/person.ts'),
    ]);
  if (!DocumentId.safeParse(what).success && !Thumbprint.safeParse(what).success)
    throw usageError(
      `WHAT: expected a robot of this fleet, a grant’s id (32 hex digits) or a key’s thumbprint (43 characters), got “${what}”`,
    );
  const nowMs = call.clock.wall();
  const file = textFlag(call, 'out');
  if (file !== undefined) {
    const person = { fleet: fleet.about.fleet, signer: await fleet.rootSigner(), chain: [] };
    const orders = new OrderSigner({ person, nowMs: () => nowMs, newId });
    const lines: string[] = [];
    for (const { id, revokedMs } of await fleet.robots()) {
      if (revokedMs !== null) continue;
      const { order, chain } = await orders.sign({
        robot: id,
        action: { kind: 'revoke', revoked: [what] },
      });
      lines.push(`${JSON.stringify({ robot: id, order, chain })}\n`);
    }
    await writeOutput(file, lines.join(''));
  }
  await fleet.noteGrant({ atMs: nowMs, revoked: what });
  return file;
}

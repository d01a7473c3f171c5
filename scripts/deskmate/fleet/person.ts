/** Who signs: the fleet's root, or a person with grants. */
import type { Person } from '../../../agent/fleet-client/person.ts';
import { staffFileError, staffFolder } from '../command/own-key.ts';
import { loadStaffKey, readStaffFile } from '../command/staff-key.ts';
import type { Call } from '../command/verb.ts';
import { withFleet } from './fleet-call.ts';
import { fromFile } from './fleet-error.ts';
import { type GrantFile, GrantFile as GrantFileKind, readFields } from './fleet-files.ts';

/** In the folder of the person's key. */
export const GRANTS_FILE = 'grants.json';

/** The root of the folder in `--dir`. Throws CommandError. */
export function rootPerson(call: Call): Promise<Person> {
  return withFleet(call, async (fleet) => ({
    ...{ fleet: fleet.about.fleet, signer: await fleet.rootSigner(), chain: [] },
  }));
}

/** The person of this computer's account. Throws CommandError or FleetError. */
export async function ownPerson(call: Call): Promise<Person & { readonly root: string }> {
  const folder = staffFolder(call);
  const loaded = await loadStaffKey(folder);
  if (!loaded.ok) throw staffFileError(loaded, call.language);
  const { fleet, root, chain } = await ownGrants(folder);
  return { fleet, root, signer: loaded.key, chain };
}

async function ownGrants(folder: string): Promise<GrantFile> {
  const read = await readStaffFile(folder, GRANTS_FILE);
  if (!read.ok) throw fromFile(read);
  return readFields(GrantFileKind, read.text, GRANTS_FILE).value;
}

/** With `--dir` the root, else the person. */
export function personOf(call: Call): Promise<Person> {
  return call.flags.dir === undefined ? ownPerson(call) : rootPerson(call);
}

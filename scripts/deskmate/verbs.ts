/** All verbs of `deskmate`, in the order of its help. */
import type { Verb } from './command/verb.ts';
import { calibrate } from './verbs/calibrate.ts';
import { complete } from './verbs/complete.ts';
import { completion } from './verbs/completion.ts';
import { devices } from './verbs/devices.ts';
import { doctor } from './verbs/doctor.ts';
import { help } from './verbs/help.ts';
import { invitations } from './verbs/invitations.ts';
import { invite } from './verbs/invite.ts';
import { keyNew } from './verbs/key/new.ts';
import { keyShow } from './verbs/key/show.ts';
import { revoke } from './verbs/revoke.ts';
import { status } from './verbs/status.ts';
import { version } from './verbs/version.ts';

export const verbs: readonly Verb[] = [
  doctor,
  status,
  invite,
  invitations,
  devices,
  revoke,
  calibrate,
  keyNew,
  keyShow,
  completion,
  version,
  help,
  complete,
];

/** All verbs of `deskmate`, in the order of its help. */
import type { Verb } from './command/verb.ts';
import { alerts } from './verbs/alerts.ts';
import { auditGet } from './verbs/audit/get.ts';
import { auditVerify } from './verbs/audit/verify.ts';
import { calibrate } from './verbs/calibrate.ts';
import { codeHandover } from './verbs/code/handover.ts';
import { codeJoin } from './verbs/code/join.ts';
import { codeTimetable } from './verbs/code/timetable.ts';
import { codeWifi } from './verbs/code/wifi.ts';
import { complete } from './verbs/complete.ts';
import { completion } from './verbs/completion.ts';
import { devices } from './verbs/devices.ts';
import { doctor } from './verbs/doctor.ts';
import { fleetBrokers } from './verbs/fleet/brokers.ts';
import { fleetGrant } from './verbs/fleet/grant.ts';
import { fleetInit } from './verbs/fleet/init.ts';
import { fleetRevoke } from './verbs/fleet/revoke.ts';
import { fleetServe } from './verbs/fleet/serve.ts';
import { help } from './verbs/help.ts';
import { invitations } from './verbs/invitations.ts';
import { invite } from './verbs/invite.ts';
import { keyImport } from './verbs/key/import.ts';
import { keyNew } from './verbs/key/new.ts';
import { keyShow } from './verbs/key/show.ts';
import { login } from './verbs/login.ts';
import { assign } from './verbs/order/assign.ts';
import { logs } from './verbs/order/logs.ts';
import { allow, consent, identify, restart, wipe } from './verbs/order/simple.ts';
import { timetable } from './verbs/order/timetable.ts';
import { revoke } from './verbs/revoke.ts';
import { robotAdd } from './verbs/robot/add.ts';
import { robotImport } from './verbs/robot/import.ts';
import { robotInstall } from './verbs/robot/install.ts';
import { robotRequest } from './verbs/robot/request.ts';
import { robots } from './verbs/robots.ts';
import { show } from './verbs/show.ts';
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
  keyImport,
  fleetInit,
  fleetGrant,
  fleetRevoke,
  fleetBrokers,
  fleetServe,
  login,
  robots,
  show,
  assign,
  wipe,
  restart,
  identify,
  logs,
  allow,
  consent,
  timetable,
  alerts,
  robotRequest,
  robotAdd,
  robotInstall,
  robotImport,
  auditGet,
  auditVerify,
  codeWifi,
  codeJoin,
  codeHandover,
  codeTimetable,
  completion,
  version,
  help,
  complete,
];

/** Robots of a fleet: added by their own request, revoked, or announced by a list. */

import { OrderSigner } from '../../../agent/fleet-client/person.ts';
import { chainPem, issueClient } from '../../../agent/pki/issue.ts';
import { examineRequest, type RequestRefusal } from '../../../agent/pki/request.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { FleetError } from './fleet-error.ts';
import type { AnswerFile, RobotRow } from './fleet-files.ts';
import type { FleetFolder } from './fleet-folder.ts';
import type { CsvRobot } from './robots-csv.ts';

export interface NewRobot {
  readonly id: string;
  readonly school: string;
  readonly name?: string | undefined;
  /** Thumbprint of the robot's signing key. */
  readonly robotKey: string;
  /** PEM of its certificate request. */
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** 32 random hex digits. */
  readonly newId: () => string;
}

const REFUSED: Readonly<Record<RequestRefusal, string>> = {
  tooLong: 'it is too long for a request',
  malformed: 'it is no certificate request; make it on the robot: deskmate robot request',
  otherName: 'it was made by a robot of another name',
  keyType: 'expected a P-256 key',
  authority: 'it asks to be an authority',
  signature: 'it is not signed by its own key',
};

/** A join order on a file may wait for its robot that long. Seconds. */
const JOIN_S = 31 * 86_400;

/**
 * Signs the robot's certificate and its `join` order. The same robot again gets a further
 * certificate; one with another key is refused until the old one is revoked. Throws FleetError.
 */
export async function addRobot(fleet: FleetFolder, robot: NewRobot): Promise<AnswerFile> {
  const { id, school, robotKey, nowMs, newId } = robot;
  const holder = { kind: 'robot', id } as const;
  const examined = await examineRequest(robot.request, holder);
  if (!examined.ok) throw wrong(id, `the request of ${id}: ${REFUSED[examined.reason]}`);
  expectSameKey(await fleet.robots(), robot);
  const { fleet: name, root, broker } = fleet.about;
  const issuing = await fleet.issuing();
  const signer = await fleet.rootSigner();
  const { publicKey } = examined;
  const certificate = await issueClient(issuing, { holder, fleet: name, publicKey }, nowMs);
  const orders = new OrderSigner({
    person: { fleet: name, signer, chain: [] },
    nowMs: () => nowMs,
    newId,
  });
  const join = { kind: 'join', school, robotKey } as const;
  const { order, chain } = await orders.sign({ robot: id, action: join, validS: JOIN_S });
  const issued = { serial: certificate.serialNumber, issuedMs: nowMs, revokedMs: null };
  const ca = await fleet.rootCa();
  await fleet.changeRobots((rows) => {
    expectSameKey(rows, robot);
    const before = rows.find((row) => row.id === id);
    const row: RobotRow = {
      ...before,
      ...{ id, school, robotKey, revokedMs: null, name: robot.name ?? before?.name ?? null },
      certificates: [...(before?.certificates ?? []), issued],
    };
    return before ? rows.map((one) => (one === before ? row : one)) : [...rows, row];
  });
  const pem = chainPem([certificate, issuing.certificate]);
  return { robot: id, fleet: name, root, certificate: pem, ca, broker, join: { order, chain } };
}

function expectSameKey(rows: readonly RobotRow[], { id, robotKey }: NewRobot): void {
  const before = rows.find((row) => row.id === id);
  if (!before || before.revokedMs !== null) return;
  if (before.robotKey === null || before.robotKey === robotKey) return;
  throw wrong(
    id,
    `${id} is in the fleet with another key; if it was replaced, first: deskmate fleet revoke ${id}`,
  );
}

/** Its certificates are void from now on; brokers must be given the new files. Throws FleetError. */
export async function revokeRobot(fleet: FleetFolder, id: string, nowMs: number): Promise<void> {
  // Before anything is changed: the list of revoked certificates can be signed.
  await fleet.issuing();
  await fleet.changeRobots((rows) => {
    if (!rows.some((row) => row.id === id)) throw wrong(id, `${id} is no robot of this fleet`);
    return rows.map((row) => (row.id === id ? revoked(row, nowMs) : row));
  });
  await fleet.renewRevocationList();
}

const revoked = (row: RobotRow, nowMs: number): RobotRow => ({
  ...row,
  revokedMs: row.revokedMs ?? nowMs,
  certificates: row.certificates.map((one) => ({ ...one, revokedMs: one.revokedMs ?? nowMs })),
});

/** Robots that are expected, without certificates yet; known ones get the school and name of the list. */
export async function importRobots(fleet: FleetFolder, given: readonly CsvRobot[]): Promise<void> {
  await fleet.changeRobots((rows) => {
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const robot of given) known.set(robot.id, imported(robot, known.get(robot.id)));
    return [...known.values()];
  });
}

function imported({ id, school, name, robotKey }: CsvRobot, before?: RobotRow): RobotRow {
  if (before?.robotKey && robotKey !== null && before.robotKey !== robotKey)
    throw wrong(id, `${id} is in the fleet with another key; expected ${before.robotKey}`);
  return {
    ...(before ?? { certificates: [], revokedMs: null }),
    id: RobotId.parse(id),
    school: school ?? before?.school ?? null,
    name: name ?? before?.name ?? null,
    robotKey: robotKey ?? before?.robotKey ?? null,
  };
}

const wrong = (robot: string, why: string): FleetError => new FleetError('robot', robot, why);

/** The fleet service as verbs ask it: where it is, who asks, and what is said when it refuses. */
import { z } from 'zod';
import { FleetApi } from '../../../agent/fleet-client/fleet-api.ts';
import { FleetProblem } from '../../../agent/fleet-client/fleet-problem.ts';
import type { Person } from '../../../agent/fleet-client/person.ts';
import { Session } from '../../../agent/wire/fleet-api.ts';
import { jsonOf } from '../../../hal/common/json.ts';
import { textFlag } from '../command/flag.ts';
import { translator } from '../command/language.ts';
import { staffFolder } from '../command/own-key.ts';
import { readStaffFile, writeStaffFile } from '../command/staff-key.ts';
import { type Call, CommandError, EXIT, usageError } from '../command/verb.ts';
import { newId, told } from './fleet-call.ts';
import { ownPerson } from './person.ts';
import { serverWords } from './server-words.ts';

/** In the folder of the person's key: where the service is, and the token of the last login. */
const SERVER_FILE = 'server.json';
const ServerFile = z.looseObject({
  version: z.int(),
  server: z.string(),
  /** Thumbprint of the key that logged in: another one's session is not used. */
  key: z.string(),
  session: Session,
});
type ServerFile = z.infer<typeof ServerFile>;

export interface Asked {
  readonly api: FleetApi;
  readonly server: string;
  readonly person: Person & { readonly root: string };
}

/** Logs in when needed. Throws CommandError. */
export async function withFleetApi<T>(call: Call, act: (asked: Asked) => Promise<T>): Promise<T> {
  const saved = await savedServer(call);
  const given = textFlag(call, 'server');
  const server = given === undefined ? saved?.server : serverAddress(given);
  if (server === undefined) throw serverError(call, 'serverMissing', EXIT.config, 'serverMissing');
  return askingAt(call, server, saved, act);
}

/** At this service, with what is kept from before. */
export async function askingAt<T>(
  call: Call,
  server: string,
  saved: ServerFile | undefined,
  act: (asked: Asked) => Promise<T>,
): Promise<T> {
  const person = await told(() => ownPerson(call));
  const { thumbprint } = await import('../../../agent/wire/token.ts');
  const key = await thumbprint(person.signer.jwk);
  const known = saved?.server === server && saved.key === key ? saved.session : undefined;
  let fresh: Session | undefined;
  const api = new FleetApi({
    ...{ server, person, time: call.clock, newId, session: known },
    fetch: (url, init) => fetch(url, init),
    onSession: (session) => {
      fresh = session;
    },
  });
  try {
    return await act({ api, server, person });
  } catch (error) {
    throw error instanceof FleetProblem ? problemError(call, server, error) : error;
  } finally {
    // A service that was named for once does not take the place of the saved one.
    if (fresh && (saved === undefined || saved.server === server))
      await keep(call, { version: 1, server, key, session: fresh });
  }
}

/** What is kept cannot be read: then it is as if there were none. */
export async function savedServer(call: Call): Promise<ServerFile | undefined> {
  const read = await readStaffFile(staffFolder(call), SERVER_FILE);
  return read.ok ? ServerFile.safeParse(jsonOf(read.text)).data : undefined;
}

async function keep(call: Call, file: ServerFile): Promise<void> {
  const text = `${JSON.stringify(file, null, 2)}\n`;
  // Without it the next command logs in again.
  await writeStaffFile(staffFolder(call), SERVER_FILE, text, 'replace');
}

/** Its origin. A token is never sent without TLS, but to this computer itself. */
export function serverAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const here = url && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && here);
  const isBare = url && url.pathname === '/' && !url.search && !url.hash && !url.username;
  if (url && isSafe && isBare) return url.origin;
  throw usageError(`URL: expected an address as https://fleet.example.org, got “${text}”`);
}

/** As a person is told of it. */
export function problemError(call: Call, server: string, problem: FleetProblem): CommandError {
  const why = [
    problem.detail,
    ...problem.errors.map(({ row, field, message }) =>
      row === undefined ? `${field}: ${message}` : `row ${row}, ${field}: ${message}`,
    ),
  ].join('; ');
  const error = (...[key, exit, code]: ErrorParts): CommandError =>
    serverError(call, key, exit, code, { server, why, kind: problem.kind });
  switch (problem.kind) {
    case 'unreachable':
    case 'unavailable':
    case 'tooMany':
      return error('serverAway', EXIT.unavailable, 'serverAway');
    case 'notUnderstood':
    case 'notProven':
    case 'internal':
      return error('serverStrange', EXIT.unavailable, 'serverStrange');
    case 'badLogin':
    case 'badToken':
      return error('loginRefused', EXIT.notPermitted, 'loginRefused');
    case 'forbidden':
      return error('mayNot', EXIT.notPermitted, 'notPermitted');
    case 'notFound':
      return error('notThere', EXIT.data, 'notFound');
    default:
      return error('serverRefused', EXIT.data, 'serverRefused');
  }
}

type ErrorParts = readonly [
  key: keyof typeof serverWords.en,
  exit: number,
  code: ConstructorParameters<typeof CommandError>[0],
];

function serverError(
  call: Call,
  ...[key, exit, code, details = {}]: [...ErrorParts, details?: Readonly<Record<string, string>>]
): CommandError {
  const say = translator(serverWords, call.language);
  return new CommandError(code, exit, say(key, details), details);
}

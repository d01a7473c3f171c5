/** `deskmate fleet serve`: from options to a running fleet service, until a signal ends it. */
import { hostname } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { firstLineOf } from '../../../hal/common/errors.ts';
import { builtPages } from '../../fleet/built-pages.ts';
import { type FleetServiceOptions, openFleetService } from '../../fleet/service.ts';
import { numberFlag, textFlag, textsFlag } from '../command/flag.ts';
import { translator } from '../command/language.ts';
import { staffFileError, staffFolder } from '../command/own-key.ts';
import { loadStaffKey, newStaffKey, readStaffFile, writeStaffFile } from '../command/staff-key.ts';
import { type Call, CommandError, EXIT, usageError } from '../command/verb.ts';
import { readInput, told } from './fleet-call.ts';
import { GrantFile, readFields } from './fleet-files.ts';
import { GRANTS_FILE } from './person.ts';
import { serverWords } from './server-words.ts';

const KEY_TO_GRANT = 'service-key.json';

/** Resolves when SIGTERM or SIGINT ended it. Throws CommandError. */
export async function serve(call: Call, usualPort: number): Promise<number> {
  const say = translator(serverWords, call.language);
  const folder = path.resolve(
    textFlag(call, 'dir') ?? path.join(staffFolder(call), 'fleet-service'),
  );
  const broker = textFlag(call, 'broker');
  if (broker === undefined) throw usageError('--broker URL: expected the address of the broker');
  const tls = tlsOf(call);
  const identity = await identityIn(call, folder);
  const pages = builtPages();
  const host = textFlag(call, 'host') ?? '127.0.0.1';
  const log = pino({ name: 'fleet' }, pino.destination(2));
  const options: FleetServiceOptions = {
    ...{ identity, clock: call.clock, log },
    store: textFlag(call, 'store') ?? path.join(folder, 'fleet.db'),
    broker: { url: broker, instance: instanceOf(identity.key), tls: brokerTls(call) },
    http: {
      ...{ host, port: numberFlag(call, 'port') ?? usualPort },
      ...(tls && { tls }),
      ...(pages !== undefined && { pages }),
      ...{ origins: textsFlag(call, 'origin'), behindProxy: call.flags['behind-proxy'] === true },
    },
  };
  const running = await openFleetService(options).catch((error: unknown) => {
    const message = say('serveWrong', { why: firstLineOf(error) });
    throw new CommandError('serviceWrong', EXIT.config, message);
  });
  const address = `${tls ? 'https' : 'http'}://${host}:${running.port}`;
  const { fleet } = identity;
  if (call.flags.json) call.terminal.line(JSON.stringify({ fleet, address }));
  else call.terminal.line(say('serveListens', { fleet, address }));
  await ended();
  await running.stop();
  return EXIT.ok;
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
      resolve();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
  });
}

/** Its key is made once. Without a grant it says how to get one, and does not start. */
async function identityIn(call: Call, folder: string) {
  let loaded = await loadStaffKey(folder);
  if (!loaded.ok && loaded.reason === 'missing') loaded = await newStaffKey(folder);
  if (!loaded.ok) throw staffFileError(loaded, call.language);
  const { key: signingKey, jwk, thumbprint } = loaded.key;
  const given = textFlag(call, 'grant');
  if (given !== undefined) {
    const text = readInput(given);
    await told(async () => readFields(GrantFile, text, given));
    const written = await writeStaffFile(folder, GRANTS_FILE, text, 'replace');
    if (!written.ok) throw staffFileError(written, call.language);
  }
  const read = await readStaffFile(folder, GRANTS_FILE);
  if (!read.ok && read.reason === 'missing') throw await notGranted(call, folder, jwk);
  if (!read.ok) throw staffFileError(read, call.language);
  const { fleet, root, chain } = await told(
    async () => readFields(GrantFile, read.text, path.join(folder, GRANTS_FILE)).value,
  );
  return { fleet, root, chain, signer: { key: signingKey, jwk }, key: thumbprint };
}

async function notGranted(call: Call, folder: string, jwk: object): Promise<CommandError> {
  const file = path.join(folder, KEY_TO_GRANT);
  const written = await writeStaffFile(
    ...([folder, KEY_TO_GRANT, `${JSON.stringify({ jwk }, null, 2)}\n`, 'replace'] as const),
  );
  if (!written.ok) return staffFileError(written, call.language);
  const message = translator(serverWords, call.language)('serveKey', { file });
  return new CommandError('serviceWrong', EXIT.config, message, { file });
}

/** Services side by side with one key need sessions of their own at the broker. */
const instanceOf = (key: string): string =>
  `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}-${key.slice(0, 8)}`;

function tlsOf(call: Call): { key: string; cert: string } | undefined {
  const [key, cert] = [textFlag(call, 'tls-key'), textFlag(call, 'tls-cert')];
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined)
    throw usageError('--tls-cert FILE and --tls-key FILE: expected both');
  return { key: readInput(key), cert: readInput(cert) };
}

function brokerTls(call: Call): { ca?: string; cert?: string; key?: string } {
  const read = (name: string): string | undefined => {
    const given = textFlag(call, name);
    return given === undefined ? undefined : readInput(given);
  };
  const [ca, cert, key] = [read('broker-ca'), read('broker-cert'), read('broker-key')];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

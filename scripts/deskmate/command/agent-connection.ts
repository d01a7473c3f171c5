import type { AdminClient, AdminClientError } from '../../../agent/access/admin-client.ts';
import { type Translate, translator } from './language.ts';
import { loadAgentConfig } from './places.ts';
import { type Call, CommandError, EXIT } from './verb.ts';
import { type CommandWords, commandWords } from './words.ts';

type Say = Translate<CommandWords>;

/** Queries the agent over its admin socket. Throws CommandError on failure. */
export async function withAgent<T>(
  call: Call,
  act: (agent: AdminClient) => Promise<T>,
): Promise<T> {
  const say = translator(commandWords, call.language);
  const { AdminClient, AdminClientError } = await import('../../../agent/access/admin-client.ts');
  const agent = new AdminClient(call.clock, await adminSocket(call, say));
  try {
    return await act(agent);
  } catch (error) {
    throw error instanceof AdminClientError ? asCommandError(say, error) : error;
  }
}

async function adminSocket({ places }: Call, say: Say): Promise<string> {
  const loaded = await loadAgentConfig(places);
  if (loaded.ok) return loaded.config.admin;
  const { code, why } = loaded;
  const file = places.agent.config;
  if (code === 'EACCES' || code === 'EPERM')
    throw new CommandError('configDenied', EXIT.notPermitted, say('mayNotRead', { file }), {
      file,
    });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw new CommandError('configMissing', EXIT.config, say('noConfig', { file }), { file });
  throw new CommandError('configWrong', EXIT.config, say('badConfig', { why }), { file });
}

function asCommandError(say: Say, error: AdminClientError): CommandError {
  const { kind, message: why, reason } = error;
  switch (kind) {
    case 'away':
      return new CommandError('agentAway', EXIT.unavailable, say('agentAway'));
    case 'notPermitted':
      return new CommandError('notPermitted', EXIT.notPermitted, say('notPermitted'));
    case 'refused':
      return new CommandError('agentRefused', EXIT.unavailable, say('agentRefused', { why }), {
        reason,
      });
    default:
      return new CommandError('agentSilent', EXIT.unavailable, say('agentSilent', { why }));
  }
}

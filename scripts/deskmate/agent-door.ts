import { AdminClient, AdminClientError } from '../../agent/access/admin-client.ts';
import { type Translate, translator } from './language.ts';
import { loadAgentConfig } from './places.ts';
import { type Call, EXIT } from './verb.ts';
import { type CommandWords, commandWords } from './words.ts';

/**
 * Asks the agent by its admin socket. What stands in the way is one line for people; resolves with
 * the exit code.
 */
export async function withAgent(
  call: Call,
  act: (agent: AdminClient) => Promise<void>,
): Promise<number> {
  const { terminal, places, clock, language } = call;
  const say = translator(commandWords, language);
  const loaded = await loadAgentConfig(places);
  if (!loaded.ok) {
    const { code, why } = loaded;
    const denied = code === 'EACCES';
    if (code === 'EINVAL') terminal.complain(say('badConfig', { why }));
    else terminal.complain(say(denied ? 'mayNotRead' : 'noConfig', { file: places.agentConfig }));
    return denied ? EXIT.notPermitted : EXIT.config;
  }
  try {
    await act(new AdminClient(clock, loaded.config.admin));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof AdminClientError)) throw error;
    terminal.complain(sentence(say, error));
    return error.kind === 'notPermitted' ? EXIT.notPermitted : EXIT.unavailable;
  }
}

function sentence(say: Translate<CommandWords>, { kind, message: why }: AdminClientError): string {
  switch (kind) {
    case 'away':
      return say('agentAway');
    case 'notPermitted':
      return say('notPermitted');
    case 'refused':
      return say('agentRefused', { why: why.replace(/^the agent refused: /, '') });
    default:
      return say('agentSilent', { why });
  }
}

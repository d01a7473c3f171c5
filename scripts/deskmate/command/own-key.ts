import { type Language, translator } from './language.ts';
import type { StaffFileFault } from './staff-key.ts';
import { type Call, CommandError, EXIT } from './verb.ts';
import { commandWords } from './words.ts';
import { xdgFolder } from './xdg.ts';

/** `~/.config/deskmate`, for keys and grants. Throws CommandError without a home. */
export function staffFolder({ env, language }: Pick<Call, 'env' | 'language'>): string {
  const folder = xdgFolder('config', env);
  if (folder !== undefined) return folder;
  throw new CommandError('keyWrong', EXIT.config, translator(commandWords, language)('noHome'));
}

/** What is said of a key or grant that cannot be used. */
export function staffFileError(fault: StaffFileFault, language: Language): CommandError {
  const say = translator(commandWords, language);
  const { file } = fault;
  switch (fault.reason) {
    case 'missing':
      return new CommandError('keyMissing', EXIT.data, say('keyMissing'), { file });
    case 'exists':
      return new CommandError('keyExists', EXIT.data, say('keyExists', { file }), { file });
    case 'exposed': {
      const message = say('keyExposed', { file, mode: fault.mode });
      return new CommandError('keyExposed', EXIT.notPermitted, message, { file });
    }
    default: {
      const message = say('keyWrong', { file, why: fault.why });
      return new CommandError('keyWrong', EXIT.data, message, { file });
    }
  }
}

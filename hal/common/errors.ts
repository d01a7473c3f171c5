/** What something that was thrown says. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The first line of it, 200 characters at most: some libraries write a page. */
export const firstLineOf = (error: unknown): string =>
  messageOf(error).split('\n', 1)[0]?.slice(0, 200) ?? '';

/** As Node names it (ENOENT, EACCES); undefined for an error of another kind. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

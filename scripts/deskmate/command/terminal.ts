import { createInterface } from 'node:readline/promises';

/** The terminal (or pipe) that a person or a script reads. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Colour is never the only indication. */
  readonly colour: boolean;
  /** Width, for wrapping; 80 when unknown. */
  readonly columns: number;
  line(text?: string): void;
  /** To standard error. */
  complain(text: string): void;
  /** One line of input; empty at end of input. Undefined: not interactive. */
  ask(question: string): Promise<string | undefined>;
}

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>;

/** `lost`: output could not be written, as on a full disk. */
export function openTerminal(
  { stdin, stdout, stderr }: Streams,
  env: NodeJS.ProcessEnv,
  lost: (error: Error) => void = () => {},
): Terminal {
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that closed the pipe (`deskmate doctor | head`) is not an error.
      if (error.code !== 'EPIPE' && stream === stdout) lost(error);
    });
  return {
    input: stdin,
    output: stdout,
    // https://no-color.org: any non-empty value.
    colour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    columns: stdout.columns ?? 80,
    line: (text = '') => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    ask: async (question) => {
      if (!stdin.isTTY) return undefined;
      const lines = createInterface({ input: stdin, output: stderr });
      // Ctrl-C and Ctrl-D close it without an answer.
      const left = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
      const answer = await Promise.race([lines.question(`${question} `).catch(() => ''), left]);
      lines.close();
      return answer;
    },
  };
}

const CODES = { red: 31, green: 32, yellow: 33, soft: 2, bold: 1 } as const;
export type Paint = keyof typeof CODES;

export function painted(terminal: Pick<Terminal, 'colour'>, paint: Paint, text: string): string {
  return terminal.colour ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text;
}

/** Breaks at spaces; a longer word stays whole, so that it can be copied. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

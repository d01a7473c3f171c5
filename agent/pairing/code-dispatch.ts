import type { Log } from '../../hal/ports/log.ts';
import { CodeCollector, isPart } from '../wire/code.ts';
import { isWifiCode, parseWifiCode } from '../wire/wifi-code.ts';
import type { CodeAnswer, CodePorts } from './code-ports.ts';
import type { CodeOutcome } from './pairing-machine.ts';

/** Codes that were answered already and are seen again and again. */
const MAX_REMEMBERED = 32;

/**
 * Hands each code, by its kind, to who understands it, once. No content is ever logged: codes hold
 * passphrases.
 */
export class CodeDispatch {
  private collector = new CodeCollector();
  private readonly answered = new Set<string>();
  private busy = false;

  constructor(
    private readonly ports: CodePorts,
    private readonly log: Log,
  ) {}

  /** Codes of before count no longer: the next one is of somebody else. */
  forget(): void {
    this.collector = new CodeCollector();
    this.answered.clear();
  }

  /** Undefined: nothing to answer (a part, a repetition, or one while another is decided on). */
  async take(text: string): Promise<CodeOutcome | undefined> {
    if (this.busy || this.answered.has(text)) return undefined;
    if (isPart(text)) return this.collect(text);
    this.remember(text);
    if (isWifiCode(text)) return this.wifi(text);
    this.log.info({ length: text.length }, 'a code that is none of a robot');
    return 'unknown';
  }

  private collect(code: string): Promise<CodeOutcome | undefined> | CodeOutcome | undefined {
    const got = this.collector.take(code);
    if (got.kind === 'whole') return this.decide('document', () => this.ports.onDocument(got.text));
    if (got.kind === 'malformed') {
      this.remember(code);
      this.log.info({ length: code.length, why: got.why }, 'a code that cannot be read');
      return 'unknown';
    }
    if (got.fresh) this.log.info({ have: got.have, of: got.of }, 'part of a document');
    return undefined;
  }

  private wifi(text: string): Promise<CodeOutcome> | CodeOutcome {
    const code = parseWifiCode(text);
    if (code.ok) return this.decide('wifi', () => this.ports.wifi.propose(code.network));
    const { field, why } = code;
    this.log.warn({ kind: 'wifi', field, why, length: text.length }, 'code refused');
    return 'refused';
  }

  private async decide(kind: string, ask: () => Promise<CodeAnswer>): Promise<CodeOutcome> {
    this.busy = true;
    try {
      const answer = await ask();
      if (answer === 'accepted') {
        this.log.info({ kind }, 'code accepted');
        return 'accepted';
      }
      this.log.warn({ kind, why: answer.refused }, 'code refused');
    } catch (error) {
      this.log.error({ kind, why: String(error) }, 'code refused: it could not be decided on');
    } finally {
      this.busy = false;
    }
    return 'refused';
  }

  private remember(text: string): void {
    const [oldest] = this.answered;
    if (this.answered.size >= MAX_REMEMBERED && oldest !== undefined) this.answered.delete(oldest);
    this.answered.add(text);
  }
}

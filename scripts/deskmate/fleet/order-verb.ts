/** Verbs that give one kind of order to one or several robots. */
import { type Flags, jsonFlag, type Operand } from '../command/flag.ts';
import { type Call, EXIT, type Example, type Verb } from '../command/verb.ts';
import type { Ordered } from './order-run.ts';
import { robotsOperand, robotsQuery, serverFlag, yesFlag } from './server-flags.ts';

interface OrderVerb {
  readonly name: string;
  readonly summary: Verb['summary'];
  readonly flags?: Flags;
  /** Instead of robots or `--query`: operands of which the first is the one robot. */
  readonly operands?: readonly Operand[];
  readonly examples: readonly Example[];
  /** It cannot be taken back: asked for first. */
  readonly ask?: Verb['summary'];
  /** Reads the options once, before anything is sent; throws CommandError. */
  readonly prepare: (call: Call) => Promise<() => Promise<Ordered>>;
  /** Instead of the table alone. */
  readonly tell?: (
    call: Call,
    results: readonly import('./order-run.ts').OrderResult[],
  ) => Promise<void>;
}

export function orderVerb(spec: OrderVerb): Verb {
  const { name, summary, flags = {}, operands, examples, ask, prepare, tell } = spec;
  return {
    ...{ name, summary, examples, operands: operands ?? [robotsOperand] },
    flags: {
      ...flags,
      ...(!operands && { query: robotsQuery }),
      ...(ask && { yes: yesFlag }),
      ...{ server: serverFlag, json: jsonFlag },
    },
    async run(call) {
      const [{ withFleetApi }, runs] = await Promise.all([
        import('./server-call.ts'),
        import('./order-run.ts'),
      ]);
      const ordered = await prepare(call);
      return withFleetApi(call, async ({ api }) => {
        const robots = operands ? call.words.slice(0, 1) : await runs.robotsOf(call, api);
        const results = await runs.orderRobots(call, robots, {
          ...{ api, ordered },
          ...(ask && { ask: ask[call.language] }),
        });
        if (!results) return EXIT.unchanged;
        if (tell) await tell(call, results);
        else runs.tellResults(call, results);
        return runs.exitOf(results);
      });
    },
  };
}

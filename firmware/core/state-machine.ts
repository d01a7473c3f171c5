import type { Log } from '../../hal/ports/log.ts';

/** Transition function of a state machine; pure. */
export type Step<State, Event, Effect> = (
  state: State,
  event: Event,
) => { readonly state: State; readonly effects: readonly Effect[] };

/** The machine type of a step function. */
export type MachineOf<S> =
  S extends Step<infer State extends Named, infer Event extends Typed, infer Effect>
    ? Machine<State, Event, Effect>
    : never;

interface Named {
  readonly name: string;
}

interface Typed {
  readonly type: string;
}

/** No effects; shared, so that an idle tick allocates nothing. */
export const NONE: readonly never[] = [];

/** For a machine whose owner only reads its state. */
export const withoutEffects =
  <State, Event>(next: (state: State, event: Event) => State): Step<State, Event, never> =>
  (state, event) => ({ state: next(state, event), effects: NONE });

/** Holds a machine's state for its owner and logs each transition. */
export class Machine<State extends Named, Event extends Typed, Effect> {
  constructor(
    private readonly label: string,
    private readonly step: Step<State, Event, Effect>,
    private current: State,
    private readonly log: Log,
    /** `debug` for a machine with frequent transitions. */
    private readonly level: 'info' | 'debug' = 'info',
  ) {}

  get state(): State {
    return this.current;
  }

  /** Returns the effects for the owner to perform. */
  send(event: Event): readonly Effect[] {
    const from = this.current;
    const { state, effects } = this.step(from, event);
    this.current = state;
    if (state.name !== from.name)
      this.log[this.level](
        { machine: this.label, from: from.name, event: event.type, to: state.name },
        'transition',
      );
    return effects;
  }
}

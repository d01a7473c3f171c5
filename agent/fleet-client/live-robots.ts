/** Rows of robots as they change, through restarts of the service and sleeping laptops. */
import { jsonOf } from '../../hal/common/json.ts';
import { ApiRobot } from '../wire/fleet-api.ts';
import { EventStreamReader, type ServerEvent } from './event-stream.ts';
import { eitherOf, type FleetHttp, pause } from './fleet-http.ts';
import { FleetProblem } from './fleet-problem.ts';

export type LiveEvent =
  /** Connected, for the first time or again: read the list, changes since are unknown. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'robot'; readonly robot: ApiRobot }
  | { readonly kind: 'gone'; readonly id: string }
  /** What is shown may be old; it is tried again after `retryMs`. */
  | { readonly kind: 'disconnected'; readonly why: FleetProblem; readonly retryMs: number };

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** The service says something each 25 s. */
const SILENCE_MS = 60_000;

/**
 * Until `signal` aborts. Rejects with FleetProblem only for what does not pass by waiting: a login
 * that is refused, or a role that may not.
 */
export async function* liveRobots(http: FleetHttp, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  for (let retryMs = FIRST_RETRY_MS; !signal.aborted; ) {
    let why = new FleetProblem('unreachable', 'the connection ended');
    try {
      for await (const event of oneConnection(http, signal)) {
        yield event;
        retryMs = FIRST_RETRY_MS;
      }
    } catch (error) {
      if (!(error instanceof FleetProblem)) throw error;
      if (['badLogin', 'forbidden'].includes(error.kind)) throw error;
      why = error;
    }
    if (signal.aborted) return;
    yield { kind: 'disconnected', why, retryMs };
    await pause(http.time, retryMs, signal);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }
}

async function* oneConnection(http: FleetHttp, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  const silent = new AbortController();
  const watch = (): { cancel(): void } => http.time.after(SILENCE_MS, () => silent.abort());
  let timer = watch();
  const ended = eitherOf(signal, silent.signal);
  try {
    const bytes = (await http.stream('/v1/events', ended)).getReader();
    yield { kind: 'connected' };
    const events = new EventStreamReader();
    for (;;) {
      const { value, done } = await bytes.read();
      if (done) return;
      timer.cancel();
      timer = watch();
      for (const event of events.take(value)) yield* understood(event);
    }
  } catch (error) {
    if (error instanceof FleetProblem) throw error;
    throw new FleetProblem('unreachable', silent.signal.aborted ? 'it fell silent' : String(error));
  } finally {
    timer.cancel();
    silent.abort();
  }
}

/** Events of a newer service are passed over. */
function* understood({ event, data }: ServerEvent): Generator<LiveEvent> {
  const value = jsonOf(data);
  const robot = event === 'robot' ? ApiRobot.safeParse(value).data : undefined;
  if (robot) yield { kind: 'robot', robot };
  const gone = event === 'gone' ? ApiRobot.shape.id.safeParse(value).data : undefined;
  if (gone !== undefined) yield { kind: 'gone', id: gone };
}

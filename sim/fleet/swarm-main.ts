/** A process full of robots, started by swarm.ts. */
import { messageOf } from '../../hal/common/errors.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { BareClients } from './bare-clients.ts';
import type { FromSwarm, SwarmState, ToSwarm } from './swarm-messages.ts';
import { SwarmRobots } from './swarm-robots.ts';

const say = (message: FromSwarm): void => void process.send?.(message);
const clock = new SystemClock();
let robots: SwarmRobots | BareClients | undefined;

async function obey(message: ToSwarm): Promise<void> {
  if (message.kind === 'prepare') {
    const { plan } = message;
    robots = plan.bare ? new BareClients(plan, clock) : new SwarmRobots(plan, clock);
    await robots.prepare();
    return say({ kind: 'prepared' });
  }
  if (!robots) throw new Error(`expected "prepare" before "${message.kind}"`);
  switch (message.kind) {
    case 'connect':
      return robots.connect();
    case 'network':
      return robots.setOnline(message.school, message.online);
    case 'jump':
      return robots.jump(message.from, message.until, message.ms);
    case 'disks':
      return robots.slowDisks(message.from, message.until, message.slowMs);
    case 'look':
      if (message.collect) globalThis.gc?.();
      return say(stateOf(robots));
    case 'stop': {
      const waiting = await robots.stop();
      return say({ kind: 'stopped', ids: robots.ids, waiting });
    }
  }
}

function stateOf({ connected, inLesson, ids, ups }: SwarmRobots | BareClients): SwarmState {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    ...{ kind: 'state', connected, inLesson, records: ids.length, ups: ups.splice(0) },
    ...{ memory: rss, heap: heapUsed },
  };
}

process.on('message', (message: ToSwarm) => {
  obey(message).catch((error) => say({ kind: 'failed', why: messageOf(error) }));
});
// Whoever started it has gone.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the program that started this one says when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

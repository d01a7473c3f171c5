/**
 * Inside the VM: the whole robot in a lesson, from power-up to a frozen firmware, with a pupil, a
 * broker and a simulated button. Ends with the machine: the watchdog's reset is the last step.
 */
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { isSelected, Port, Wires } from '../guest/inside.ts';
import { Lesson } from './lesson.ts';
import { Pupil } from './pupil.ts';
import { openBroker, ROBOT, Robot } from './robot.ts';

import { Steps } from './steps.ts';

async function main([only = '']: readonly string[]): Promise<void> {
  if (!isSelected('robot', only)) return;
  const clock = new SystemClock();
  const port = new Port();
  const { broker, addresses } = await openBroker(ROBOT);
  const lesson = new Lesson({
    clock,
    port,
    steps: new Steps(clock, port),
    wires: new Wires(),
    robot: new Robot('/run/deskmate-vm', addresses),
    pupil: new Pupil(),
  });
  broker.onState((text) => lesson.hearState(text));
  await lesson.whole();
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

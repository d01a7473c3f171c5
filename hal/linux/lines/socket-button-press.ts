import { connect } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { MAX_BUTTON_LINE, PRESS_LINE, readPressedLine } from './socket-button-line.ts';

const DEVICE = 'button socket';
/** Firmware's loop never takes so long while it lives. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * A finger on the button at that socket. Resolves with when it was pressed (Clock.now of the process
 * that has the button); rejects with HardwareFault.
 */
export function pressSocketButton(path: string, clock: Clock): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    const end = (act: () => void): void => {
      late.cancel();
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      act();
    };
    const fail = (kind: HardwareFault['kind'], why: string): void =>
      end(() => reject(new HardwareFault(kind, DEVICE, why)));
    const late = clock.after(ANSWER_WITHIN_MS, () => fail('timeout', `${path} does not answer`));
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(`${PRESS_LINE}\n`));
    socket.on('error', (error) => fail('noAnswer', `nobody is at ${path} (${error.message})`));
    socket.on('close', () => fail('noAnswer', `${path} went away`));
    socket.on('data', (chunk: string) => {
      text += chunk.slice(0, MAX_BUTTON_LINE + 1);
      const cut = text.indexOf('\n');
      if (cut < 0 && text.length <= MAX_BUTTON_LINE) return;
      const atMs = readPressedLine(text.slice(0, Math.max(0, cut)));
      if (atMs === undefined) fail('badData', `${path} answers something else than a button`);
      else end(() => resolve(atMs));
    });
  });
}

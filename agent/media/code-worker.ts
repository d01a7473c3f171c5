/** The thread that reads codes: a picture takes some tens of milliseconds, in which sound must go on. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { openCodeReader, type ReadCodes } from './code-reader.ts';
import type { FromCodeThread, ToCodeThread } from './code-thread.ts';

async function serve(port: MessagePort): Promise<void> {
  const say = (message: FromCodeThread): void => port.postMessage(message);
  let read: ReadCodes | undefined;
  port.on('message', async (picture: ToCodeThread) => {
    try {
      read ??= await openCodeReader();
      say({ id: picture.id, ok: true, texts: await read(picture) });
    } catch (error) {
      say({ id: picture.id, ok: false, why: String(error) });
    }
  });
}

if (parentPort) void serve(parentPort);

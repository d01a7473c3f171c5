import { createServer, type Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openBrokerStream } from './broker-stream.ts';

let server: Server | undefined;
let stream: Duplex | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  stream?.destroy();
  const listening = server;
  if (listening) await new Promise((resolve) => listening.close(resolve));
});

async function listening(): Promise<number> {
  const made = createServer((socket) => socket.on('error', () => {}).destroy());
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  if (typeof address !== 'object' || !address) throw new Error('expected a port');
  return address.port;
}

describe('stream to a broker', () => {
  it.each(['mqtt', 'mqtts'])('disables Nagle: %s', async (scheme) => {
    const port = await listening();
    const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    stream = openBrokerStream({ url: `${scheme}://127.0.0.1:${port}` });
    stream.on('error', () => {});
    await vi.waitFor(() => expect(setNoDelay).toHaveBeenCalled());
    // Without an argument the value is true.
    for (const [on] of setNoDelay.mock.calls) expect(on ?? true).toBe(true);
  });
});

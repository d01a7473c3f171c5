import { WebSocket } from 'ws';

/** `open`, or the status with which the WebSocket was refused. */
export function openSocket(
  url: string,
  headers: Record<string, string> = {},
): Promise<string | number> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('open', () => {
      socket.close();
      resolve('open');
    });
    socket.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
  });
}

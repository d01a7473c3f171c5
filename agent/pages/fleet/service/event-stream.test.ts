import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEvents, type ServerEvent } from './event-stream.ts';

async function read(text: string, cuts: readonly number[]): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let from = 0;
      for (const end of ends) {
        controller.enqueue(bytes.slice(from, end));
        from = end;
      }
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

it('gives every event once, wherever the network cuts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ event: fc.constantFrom('robot', 'gone'), value: fc.string() })),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (sent, cuts) => {
        const text = sent.map(
          ({ event, value }) => `: here\n\nevent: ${event}\ndata: ${JSON.stringify(value)}\n\n`,
        );
        const events = await read(text.join(''), cuts);
        expect(events.map(({ event, data }) => ({ event, value: JSON.parse(data) }))).toEqual(sent);
      },
    ),
    { numRuns: 100 },
  );
});

it('ignores an event that has no end', async () => {
  expect(await read('event: robot\ndata: 1', [])).toEqual([]);
});

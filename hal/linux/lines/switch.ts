import type { GpioLine } from '../../boards/board.ts';
import type { GpioChip, OutputLine } from '../../bus/gpio.ts';
import type { Switch } from '../../ports/body.ts';
import { HardwareFault } from '../../ports/fault.ts';

/** A rail or an enable pin on a GPIO line; off when opened. */
export async function openSwitch(
  chip: GpioChip,
  line: GpioLine,
  consumer: string,
): Promise<Switch> {
  const { offset, activeLow } = line;
  return new LineSwitch(await chip.output(offset, { activeLow, consumer }), consumer);
}

class LineSwitch implements Switch {
  readonly present = true;
  private closed = false;

  constructor(
    private readonly line: OutputLine,
    private readonly consumer: string,
  ) {}

  async set(on: boolean): Promise<void> {
    this.expectOpen();
    await this.line.set(on);
  }

  async read(): Promise<boolean> {
    this.expectOpen();
    return this.line.get();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.line.close();
  }

  private expectOpen(): void {
    if (this.closed)
      throw new HardwareFault(
        'noAnswer',
        `${this.consumer} line`,
        'it was closed and is off; open it again to use it',
      );
  }
}

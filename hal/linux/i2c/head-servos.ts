import { CALL_MS, CallQueue, inTime, type Turn } from '../../bus/calls.ts';
import type { OutputLine } from '../../bus/gpio.ts';
import type { HeadServos } from '../../ports/body.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { Pca9685, type Pca9685Parts } from './pca9685.ts';

/*
 * The head's servos: PCA9685 at 50 Hz, channel 0 pan, channel 1 tilt, in one block write. Hobby
 * servos take a pulse of 500..2500 us each 20 ms.
 */
const SERVOS = { name: 'servo driver', rateHz: 50, channels: 2, rated: true } as const;
const PULSE_MIN_US = 500;
const PULSE_MAX_US = 2500;

interface LinuxHeadServosParts extends Pca9685Parts {
  /** The line of the OE pin; undefined: OE is wired to ground, the chip's own "full OFF" has to do. */
  readonly enable?: OutputLine | undefined;
}

/**
 * Outputs are enabled only while the chip is known to be as it was set up and to hold the pulses
 * that it was given. One that lost its supply comes back at 200 Hz, asleep, with all-call on, and
 * may be woken by what was meant for another chip: mode and rate are looked at with the pulses of
 * each write, its output enable goes off, and it is set up from the start.
 */
export class LinuxHeadServos implements HeadServos {
  readonly present = true;
  private readonly chip: Pca9685;
  private readonly queue: CallQueue;
  /** The chip was set up, and nothing has happened since that could have undone it. */
  private trusted = false;
  /** Something failed: trusted only after another look. */
  private doubted = false;
  /** Whether the outputs are enabled; undefined: not known. */
  private enabled: boolean | undefined;
  /** Counts releases: pulses of before one must not enable the outputs after it. */
  private releases = 0;

  constructor(private readonly parts: LinuxHeadServosParts) {
    this.chip = new Pca9685(parts, SERVOS);
    this.queue = new CallQueue(parts.clock, () => this.chip.late());
  }

  /** Sets the chip up with its outputs off, so that one that is missing or broken is known early. */
  async makeReady(): Promise<void> {
    const off = this.release();
    // Queued at once: pulses that are set from now on come after it, and are not taken away by it.
    const ready = this.queue.add(() => this.prepare());
    await Promise.all([off, ready]);
  }

  async setPulses(panUs: number, tiltUs: number): Promise<void> {
    for (const us of [panUs, tiltUs])
      if (!(us >= PULSE_MIN_US && us <= PULSE_MAX_US))
        throw new HardwareFault(
          'badData',
          this.chip.device,
          `pulses ${panUs} and ${tiltUs} us, expected ${PULSE_MIN_US}..${PULSE_MAX_US}`,
        );
    const bytes = this.chip.bytesOf([this.steps(panUs), this.steps(tiltUs)]);
    const { releases } = this;
    await this.queue.add((turn) =>
      this.write(bytes, () => turn.expired || releases !== this.releases),
    );
  }

  /** By the OE line at once, past everything that waits for the bus; by the bus where that fails. */
  async release(): Promise<void> {
    this.releases += 1;
    const { enable, clock } = this.parts;
    if (!enable) return this.queue.add((turn) => this.fullOff(turn));
    const off = this.disable(enable).catch(async (fault: unknown) => {
      await this.queue
        // Enabled again: by pulses that were set after this release, which stand.
        .add(async (turn) => (this.enabled ? undefined : this.fullOff(turn)))
        .catch(() => {
          throw fault;
        });
    });
    await inTime(clock, CALL_MS, off, () => this.chip.late());
  }

  private async write(bytes: Uint8Array, over: () => boolean): Promise<void> {
    try {
      // The second round begins with the chip set up again.
      for (let round = 0; round < 2 && !over(); round++) {
        if (!(await this.prepared())) await this.prepare();
        if (over()) return;
        if (await this.chip.take(bytes, this.unseen)) {
          if (!over()) await this.enableOutputs();
          return;
        }
        await this.distrust();
      }
    } catch (error) {
      this.doubted = true;
      if (!this.chip.certain) await this.disableOutputs();
      throw error;
    }
    if (!over()) throw this.chip.refused('its pulses');
  }

  private async prepared(): Promise<boolean> {
    if (!this.trusted || !this.doubted) return this.trusted;
    // A second look: one wrong bit of a reading would turn torque off for nothing.
    if (!((await this.chip.configured()) || (await this.chip.configured()))) return false;
    this.doubted = false;
    return true;
  }

  private async prepare(): Promise<void> {
    await this.distrust();
    await this.chip.configure();
    this.trusted = true;
    this.doubted = false;
  }

  private async distrust(): Promise<void> {
    this.trusted = false;
    await this.disableOutputs();
  }

  /** Nobody waits for it: the call that wrote is still trying to look. */
  private readonly unseen = (): void => {
    this.disableOutputs().catch(() => {});
  };

  private async disableOutputs(): Promise<void> {
    if (this.parts.enable && this.enabled !== false) await this.disable(this.parts.enable);
  }

  private async enableOutputs(): Promise<void> {
    const { enable } = this.parts;
    if (!enable || this.enabled) return;
    this.enabled = undefined;
    const { releases } = this;
    await enable.set(true);
    // A release in between was carried out behind this and stands.
    if (releases === this.releases) this.enabled = true;
  }

  private async disable(enable: OutputLine): Promise<void> {
    this.enabled = undefined;
    await enable.set(false);
    this.enabled = false;
  }

  private async fullOff(turn: Turn): Promise<void> {
    try {
      if (await this.chip.take(this.chip.allOff())) return;
    } catch (error) {
      this.doubted = true;
      throw error;
    }
    this.trusted = false;
    if (!turn.expired) await this.chip.configure();
  }

  /** Steps of a pulse; rounding never leads out of what servos take. */
  private steps(us: number): number {
    const { stepUs } = this.chip;
    const steps = Math.round(us / stepUs);
    return Math.min(
      Math.floor(PULSE_MAX_US / stepUs),
      Math.max(Math.ceil(PULSE_MIN_US / stepUs), steps),
    );
  }
}

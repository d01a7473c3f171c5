import { CALL_MS, CallQueue, inTime, type Turn } from '../../bus/calls.ts';
import type { OutputLine } from '../../bus/gpio.ts';
import type { HeadServos } from '../../ports/body.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { Pca9685, type Pca9685Parts } from './pca9685.ts';

/*
 * The head's servos: PCA9685 at 50 Hz, channel 0 pan, channel 1 tilt, in one block write. Hobby
 * servos expect a pulse of 500..2500 us every 20 ms.
 */
const SERVOS = { name: 'servo driver', rateHz: 50, channels: 2, rated: true } as const;
const PULSE_MIN_US = 500;
const PULSE_MAX_US = 2500;

interface LinuxHeadServosParts extends Pca9685Parts {
  /** The line of the OE pin; undefined: OE is tied to ground, and the chip's "full OFF" is used. */
  readonly enable?: OutputLine | undefined;
}

/**
 * Outputs are enabled only while the chip is known to have its configuration and the pulses that
 * were written. After a supply loss it comes back at 200 Hz, asleep, with all-call on, and a write
 * meant for another chip may wake it. Mode and rate are therefore read back with the pulses of each
 * write; on a mismatch output enable goes off, and the chip is configured again.
 */
export class LinuxHeadServos implements HeadServos {
  readonly present = true;
  private readonly chip: Pca9685;
  private readonly queue: CallQueue;
  /** The chip was configured, and nothing since could have changed that. */
  private trusted = false;
  /** A call failed: trusted only after another read-back. */
  private doubted = false;
  /** Whether the outputs are enabled; undefined: not known. */
  private enabled: boolean | undefined;
  /** Counts releases: pulses set before a release must not enable the outputs after it. */
  private releases = 0;

  constructor(private readonly parts: LinuxHeadServosParts) {
    this.chip = new Pca9685(parts, SERVOS);
    this.queue = new CallQueue(parts.clock, () => this.chip.late());
  }

  /** Configures the chip with outputs off, so that a missing or broken one is detected early. */
  async makeReady(): Promise<void> {
    const off = this.release();
    // Queued at once, so that pulses set from now on come after it and are not cleared by it.
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

  /** By the OE line at once, bypassing the bus queue; over the bus where that fails. */
  async release(): Promise<void> {
    this.releases += 1;
    const { enable, clock } = this.parts;
    if (!enable) return this.queue.add((turn) => this.fullOff(turn));
    const off = this.disable(enable).catch(async (fault: unknown) => {
      await this.queue
        // If enabled: by pulses set after this release, which remain valid.
        .add(async (turn) => (this.enabled ? undefined : this.fullOff(turn)))
        .catch(() => {
          throw fault;
        });
    });
    await inTime(clock, CALL_MS, off, () => this.chip.late());
  }

  private async write(bytes: Uint8Array, over: () => boolean): Promise<void> {
    try {
      // The second round begins by configuring the chip again.
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
    // Read twice: a single bit error in a reading must not turn torque off.
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

  /** Not awaited: the writing call is still trying to read back. */
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
    // A release in the meantime was carried out after this and takes precedence.
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

  /** Steps of a pulse; rounding never exceeds the servos' range. */
  private steps(us: number): number {
    const { stepUs } = this.chip;
    const steps = Math.round(us / stepUs);
    return Math.min(
      Math.floor(PULSE_MAX_US / stepUs),
      Math.max(Math.ceil(PULSE_MIN_US / stepUs), steps),
    );
  }
}

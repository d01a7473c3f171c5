import { PointedChip } from './i2c.ts';

/*
 * PCA9685 by its datasheet (NXP, Rev. 4, 2015): table 4 register summary, 5 MODE1, 6 MODE2, 7 LED
 * registers, section 7.3.5 PRE_SCALE, 7.4 output enable, 7.6 software reset, and the reset values
 * marked there. The parts that bite drivers are all here: registers do not advance without AI,
 * PRE_SCALE is deaf while the chip is awake, all-call answers until it is turned off.
 */
const MODE1 = 0x00;
const MODE2 = 0x01;
const SUBADR1 = 0x02;
const ALLCALLADR = 0x05;
const LED0 = 0x06;
const LED_END = 0x46;
const ALL_LED = 0xfa;
const PRE_SCALE = 0xfe;

const RESTART = 0x80;
const EXTCLK = 0x40;
const AI = 0x20;
const SLEEP = 0x10;
const ALLCALL = 0x01;
const SUBS = [0x08, 0x04, 0x02] as const;
const INVRT = 0x10;
const FULL = 0x10;

const OSCILLATOR_HZ = 25_000_000;
const STEPS = 4096;
const GENERAL_CALL = 0x00;
const SOFTWARE_RESET = 0x06;

export class FakePca9685 extends PointedChip {
  /** As the chip holds them; tests may spoil them. */
  readonly registers = new Uint8Array(256);
  /** The oscillator was stopped under running channels: they wait for a RESTART or a PWM write. */
  private halted = false;

  constructor(
    address: number,
    /** Level of the OE pin, true when outputs are enabled (the wire is low). */
    private readonly outputEnable: () => boolean = () => true,
    /** Right before and right after anything changes, for whatever hangs on the outputs. */
    private readonly onChange: () => void = () => {},
  ) {
    super('PCA9685', address);
    this.powerOn();
  }

  powerOn(): void {
    this.onChange();
    this.registers.fill(0);
    this.registers[MODE1] = SLEEP | ALLCALL;
    this.registers[MODE2] = 0x04;
    this.registers.set([0xe2, 0xe4, 0xe8, 0xe0], SUBADR1);
    for (let register = LED0; register < LED_END; register += 4)
      this.registers[register + 3] = FULL;
    this.registers[PRE_SCALE] = 0x1e;
    this.pointer = 0;
    this.halted = false;
    this.onChange();
  }

  override answers(address: number, reading: boolean): boolean {
    if (super.answers(address)) return true;
    if (reading) return false;
    if (address === GENERAL_CALL) return true;
    const mode = this.at(MODE1);
    if (mode & ALLCALL && address === this.at(ALLCALLADR) >> 1) return true;
    return SUBS.some((bit, i) => mode & bit && address === this.at(SUBADR1 + i) >> 1);
  }

  write(bytes: Uint8Array, address = this.address): void {
    if (address === GENERAL_CALL) {
      if (bytes.length === 1 && bytes[0] === SOFTWARE_RESET) this.powerOn();
      return;
    }
    this.onChange();
    this.pointer = bytes[0] ?? 0;
    for (const byte of bytes.subarray(1)) {
      this.store(this.pointer, byte);
      this.advance();
    }
    this.onChange();
  }

  read(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next());
  }

  /** The byte under the pointer, which moves on. */
  private next(): number {
    const allLed = this.pointer >= ALL_LED && this.pointer < PRE_SCALE;
    const byte = allLed ? 0 : this.at(this.pointer);
    this.advance();
    return byte;
  }

  /** Frames a second. */
  get rateHz(): number {
    return OSCILLATOR_HZ / (STEPS * (this.at(PRE_SCALE) + 1));
  }

  get asleep(): boolean {
    return (this.at(MODE1) & SLEEP) !== 0;
  }

  /** Share of each frame that the pin is high, 0..1; 0 as well when the outputs are not enabled. */
  duty(channel: number): number {
    if (!this.outputEnable() || this.asleep || this.halted) return 0;
    const [onLow = 0, onHigh = 0, offLow = 0, offHigh = 0] = this.registers.subarray(
      LED0 + 4 * channel,
      LED0 + 4 * channel + 4,
    );
    const duty = (): number => {
      // "Full OFF" wins over "full ON", as table 7 says.
      if (offHigh & FULL) return 0;
      if (onHigh & FULL) return 1;
      const steps = (((offHigh & 0x0f) << 8) | offLow) - (((onHigh & 0x0f) << 8) | onLow);
      return ((steps + STEPS) % STEPS) / STEPS;
    };
    return this.at(MODE2) & INVRT ? 1 - duty() : duty();
  }

  /** Width of the pulses on a pin, microseconds; undefined when there are none. */
  pulseUs(channel: number): number | undefined {
    const duty = this.duty(channel);
    return duty === 0 ? undefined : (duty * 1e6) / this.rateHz;
  }

  private store(register: number, value: number): void {
    if (register === MODE1) this.storeMode1(value);
    else if (register === MODE2) this.registers[MODE2] = value & 0x1f;
    else if (register <= ALLCALLADR) this.registers[register] = value & 0xfe;
    else if (register < LED_END) this.storeLed(register, value);
    else if (register >= ALL_LED && register < PRE_SCALE)
      for (let led = LED0; led < LED_END; led += 4) this.storeLed(led + register - ALL_LED, value);
    else if (register === PRE_SCALE && this.asleep)
      this.registers[PRE_SCALE] = Math.max(value, 0x03);
  }

  private storeMode1(value: number): void {
    const before = this.at(MODE1);
    const falls = !(before & SLEEP) && value & SLEEP && this.running;
    let restart = before & RESTART;
    if (falls) {
      this.halted = true;
      restart = RESTART;
    } else if (value & RESTART && !(value & SLEEP)) {
      this.halted = false;
      restart = 0;
    }
    // EXTCLK is sticky, and is taken only together with SLEEP while asleep.
    const external = before & EXTCLK || (before & SLEEP && value & SLEEP && value & EXTCLK);
    this.registers[MODE1] = (value & ~(RESTART | EXTCLK)) | restart | (external ? EXTCLK : 0);
  }

  private storeLed(register: number, value: number): void {
    this.registers[register] = (register - LED0) % 2 === 1 ? value & 0x1f : value;
    this.halted = false;
    this.registers[MODE1] = this.at(MODE1) & ~RESTART;
  }

  private get running(): boolean {
    for (let led = LED0; led < LED_END; led += 4)
      if (!(this.at(led + 3) & FULL) && !(this.at(led + 1) & FULL)) return true;
    return false;
  }

  private advance(): void {
    if (!(this.at(MODE1) & AI)) return;
    const last = this.pointer === LED_END - 1 || this.pointer === PRE_SCALE;
    this.pointer = last ? MODE1 : (this.pointer + 1) & 0xff;
  }

  private at(register: number): number {
    return this.registers[register] ?? 0;
  }
}

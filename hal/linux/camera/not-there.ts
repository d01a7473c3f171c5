import { HardwareFault } from '../../ports/fault.ts';

/** The device is not there now. While its power may be off that is no fault yet. */
export class NotThere extends HardwareFault {
  constructor(device: string, message: string) {
    super('noAnswer', device, message);
  }
}

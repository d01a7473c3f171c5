import type { FaultCode } from '../../../../firmware/link/schema.ts';
import { type Finding, problem, type Subject } from '../check.ts';

/** Which check tells of which fault of the running firmware. */
const TOLD_BY = {
  config: ['notCalibrated', 'miscalibrated'],
  i2c: [
    ...['i2cBus', 'panStall', 'tiltStall', 'panEncoder', 'tiltEncoder'],
    ...['servoDriver', 'lightDriver', 'eyes'],
  ],
  gpio: ['cameraRail', 'microphoneRail', 'amplifier', 'teacherButton'],
  watchdog: ['watchdog'],
  services: ['pauseMemory', 'batteryGauge', 'thermometer', 'loopLate'],
} as const satisfies Record<string, readonly FaultCode[]>;

export function bodyFaults({ status }: Subject, check: keyof typeof TOLD_BY): Finding[] {
  const told: readonly string[] = TOLD_BY[check];
  const known: readonly string[] = Object.values(TOLD_BY).flat();
  const faults = status?.health.body?.faults ?? [];
  return faults
    .filter((code) => told.includes(code) || (check === 'services' && !known.includes(code)))
    .map((fault) => problem('bodyFault', { fault }));
}

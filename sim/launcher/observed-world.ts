import { referenceGeometry } from '../world/geometry.ts';
import type { WorldCommand } from '../world/schema.ts';
import { World, type WorldOptions } from '../world/world.ts';

/** The world, and what firmware last wanted of its head: the pulses turned back into angles. */
export class ObservedWorld extends World {
  commanded: { panDeg: number; tiltDeg: number } | null = null;

  constructor(options: Omit<WorldOptions, 'geometry'>) {
    super({ ...options, geometry: referenceGeometry });
  }

  override apply(command: WorldCommand): void {
    super.apply(command);
    if (command.kind !== 'pulses') return;
    const { pan, tilt } = referenceGeometry;
    this.commanded = {
      panDeg: (command.panUs - pan.zeroUs) / pan.usPerDeg,
      tiltDeg: (command.tiltUs - tilt.zeroUs) / tilt.usPerDeg,
    };
  }
}

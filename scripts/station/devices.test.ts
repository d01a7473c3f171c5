import { describe, expect, it } from 'vitest';
import { boards } from '../../hal/boards/board-file.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FakeMachine } from '../deskmate/doctor/testing/fake-machine.ts';
import { runningRobot } from '../deskmate/doctor/testing/subjects.ts';
import { DeviceWatch } from './devices.ts';

const laptop = boards.get('laptop') ?? never();
const bare = { ...laptop, camera: null, sound: null };
const well = runningRobot().status;
const looking = runningRobot({ camera: { present: true, state: 'running', why: '' } }).status;

function never(): never {
  throw new Error('no laptop');
}

class CountingMachine extends FakeMachine {
  looked = 0;
  override list(path: string) {
    if (path === '/dev') this.looked += 1;
    return super.list(path);
  }
}

describe('devices of the station', () => {
  it('a missing device comes with its remedy, in each language', async () => {
    const watch = new DeviceWatch(new SimClock(), new FakeMachine(), laptop);
    const { camera, sound } = await watch.now(well);
    expect(camera).toMatchObject({
      state: 'broken',
      said: [
        { en: { what: 'No camera was found.' }, nl: { what: 'Er is geen camera gevonden.' } },
        { en: { what: 'GStreamer is not installed.' } },
      ],
    });
    expect(sound.state).toBe('broken');
  });

  it('a board without them reports none; a camera that delivers pictures is on', async () => {
    const none = await new DeviceWatch(new SimClock(), new FakeMachine(), bare).now(well);
    expect([none.camera.state, none.sound.state]).toEqual(['absent', 'absent']);
    const on = await new DeviceWatch(new SimClock(), new FakeMachine(), laptop).now(looking);
    expect(on.camera.state).toBe('on');
  });

  it('examines again after a while or a change, not at each request', async () => {
    const [clock, machine] = [new SimClock(), new CountingMachine()];
    const watch = new DeviceWatch(clock, machine, laptop);
    await Promise.all([watch.now(well), watch.now(well), watch.now(well)]);
    expect(machine.looked).toBe(1);
    await watch.now(looking);
    expect((await watch.now(looking)).camera.state).toBe('on');
    await clock.advance(11_000);
    await watch.now(well);
    expect(machine.looked).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import type { RobotFacts } from '../store/robot-table.ts';
import { fleetView } from './view.ts';

const NOW = Date.UTC(2026, 8, 7, 8);
const HOUR = 3_600_000;

function facts(id: string, school: string, over: Partial<RobotFacts> = {}): RobotFacts {
  const since = NOW - HOUR;
  const state = { state: 'ready', faults: ['storage'], version: '0.2.0', since };
  return {
    ...{ id, school, name: null, robotKey: null, added: NOW - 100 * 24 * HOUR, seen: NOW },
    lastUsed: NOW - 3 * 24 * HOUR,
    latest: { state: { received: NOW, body: JSON.stringify(state) } },
    ...over,
  };
}

const fitting = (query: string, ...all: RobotFacts[]): string[] => {
  const matcher = fleetView.matcher(query);
  if (!matcher.ok) throw new Error(matcher.why);
  return all
    .map((one) => fleetView.row(one, NOW))
    .filter((row) => matcher.matches(row, NOW))
    .map(({ id }) => id);
};

describe('the view of the fleet', () => {
  it('finds robots by queries, and says where one is wrong', () => {
    const idle = facts('robot-2', 'soedra', { lastUsed: NOW - 40 * 24 * HOUR, latest: {} });
    const all = [facts('robot-1', 'norra'), idle];
    expect(fitting('', ...all)).toEqual(['robot-1', 'robot-2']);
    expect(fitting('school:norra and version<0.3 and state:ready', ...all)).toEqual(['robot-1']);
    expect(fitting('lastUsed>14d', ...all)).toEqual(['robot-2']);
    expect(fitting('fault:storage or is:offline', ...all)).toEqual(['robot-1', 'robot-2']);
    const wrong = fleetView.matcher('school:norra and');
    expect(wrong.ok ? '' : wrong.why).toMatch(/character 1\d/);
  });

  it('raises an alert once, and keeps it an hour after its trouble', () => {
    const full = (diskFreeMB: number): RobotFacts => {
      const body = { robot: 'robot-1', at: NOW, upSeconds: 1, batteryPercent: 80 };
      const measured = { ...body, computerC: 40, servoC: 30, faults: [], refused: {}, diskFreeMB };
      const telemetry = { received: NOW, body: JSON.stringify(measured) };
      const usual = facts('robot-1', 'norra');
      return { ...usual, latest: { ...usual.latest, telemetry } };
    };
    const first = fleetView.alerts([full(1)], [], NOW);
    expect(first).toMatchObject([{ robot: 'robot-1', kind: 'diskFull' }]);
    const gone = fleetView.alerts([full(50_000)], first, NOW + HOUR / 2);
    expect(gone).toHaveLength(1);
    expect(fleetView.alerts([full(50_000)], gone, NOW + 2 * HOUR)).toEqual([]);
  });
});

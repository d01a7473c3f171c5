import type { AgentStatus } from '../../../../agent/access/admin-client.ts';
import type { Health } from '../../../../agent/access/admin-protocol.ts';
import type { Config as AgentConfig } from '../../../../agent/config.ts';
import type { MediaConfig } from '../../../../agent/media/config.ts';
import type { FaultCode } from '../../../../firmware/link/schema.ts';
import { deskmate1 } from '../../../../hal/boards/deskmate1.ts';
import type { Read, Subject } from '../check.ts';

export const agentConfig: AgentConfig = {
  robot: 'desk-1',
  broker: 'mqtts://broker.example',
  brokerForPupils: 'wss://broker.example',
  page: 'https://class.example/',
  link: '/run/deskmate/link/firmware.sock',
  admin: '/run/deskmate/admin.sock',
  data: '/data/agent',
  media: '/run/deskmate-media/media.sock',
  logLevel: 'info',
  ice: { servers: [], policy: 'all' },
};

const mediaConfig: MediaConfig = {
  socket: '/run/deskmate-media/media.sock',
  drivers: '/usr/lib/deskmate/linux-drivers.js',
  board: 'deskmate-1',
  logLevel: 'info',
};

/** A robot that is installed and does not run. */
export function subject(change: Partial<Subject> = {}): Subject {
  const missing: Read<never> = { kind: 'missing', file: '/etc/deskmate/firmware.json' };
  return {
    board: deskmate1,
    boardWhy: '',
    boardAsked: false,
    firmware: missing,
    media: { kind: 'read', file: '/etc/deskmate/media.json', config: mediaConfig },
    agent: { kind: 'read', file: '/etc/deskmate/agent.json', config: agentConfig },
    status: undefined,
    firmwareRuns: false,
    ...change,
  };
}

const idle = { present: true, state: 'idle', why: '' } as const;

/** A pupil is in class: firmware has switched the camera's rail on. */
export function robotInClass(health: Partial<Health> = {}): Subject {
  const { status } = runningRobot(health);
  if (!status?.health.body) throw new Error('a running robot has a body');
  const body = { ...status.health.body, cameraOn: true };
  const live: AgentStatus = { ...status, phase: 'live', health: { ...status.health, body } };
  return subject({ status: live, firmwareRuns: true });
}

/** The agent runs, firmware too, and all is well but what the test says. */
export function runningRobot(health: Partial<Health> = {}, faults: FaultCode[] = []): Subject {
  const axis = { deg: 0, degPerS: 0, targetDeg: 0, minDeg: -1, maxDeg: 1 };
  const status: AgentStatus = {
    ok: true,
    verb: 'status',
    ...{ robot: 'desk-1', robotKey: 'k', phase: 'asleep', devices: 0 },
    invitations: [],
    refused: {},
    health: {
      body: {
        ...{ kind: 'body', seq: 1, atMs: 0, motion: 'rest', pan: axis, tilt: axis },
        ...{ paused: false, cameraOn: false, microphoneOn: false, faults },
        battery: { percent: 80, charging: false, level: 'good' },
        heat: { computerC: 40, servoC: 30, level: 'good' },
      },
      broker: true,
      ...{ camera: idle, microphone: idle, speaker: idle },
      ...health,
    },
  };
  return subject({ status, firmwareRuns: true });
}

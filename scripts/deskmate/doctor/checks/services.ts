import {
  type Check,
  type Finding,
  notExamined,
  ok,
  problem,
  type Subject,
  warning,
} from '../check.ts';
import type { Machine } from '../machine.ts';
import { bodyFaults } from './body-faults.ts';

export const SERVICES = ['deskmate-firmware', 'deskmate-agent'] as const;

export const services: Check = {
  name: 'services',
  withinMs: 5_000,
  async run(machine, subject) {
    const states = await Promise.all(SERVICES.map((service) => stateOf(machine, service)));
    if (states.every((state) => state === undefined))
      return [notExamined('servicesUnknown'), ...ofAgent(subject)];
    const found = SERVICES.flatMap((service, i) => ofState(service, states[i], subject));
    return [...(found.length === 0 ? [ok('servicesOk')] : found), ...ofAgent(subject)];
  },
};

/** As systemd says it; `not-installed` when it knows no such unit; undefined without systemd. */
export async function stateOf(machine: Machine, service: string): Promise<string | undefined> {
  const { code, out } = await machine.run(
    ...([
      'systemctl',
      'show',
      '-p',
      'LoadState,ActiveState',
      '--value',
      `${service}.service`,
    ] as const),
  );
  if (code !== 0) return undefined;
  const words = out.trim().split(/\s+/);
  return words.includes('not-found') ? 'not-installed' : words.find((word) => word !== 'loaded');
}

function ofState(service: string, state: string | undefined, { boardAsked }: Subject): Finding[] {
  switch (state) {
    case 'active':
      return [];
    case 'failed':
      return [problem('serviceFailed', { service })];
    case 'activating':
    case 'reloading':
      return [warning('serviceStarting', { service })];
    case 'not-installed':
      return [(boardAsked ? notExamined : warning)('serviceNotInstalled', { service })];
    default:
      return [problem('serviceStopped', { service })];
  }
}

function ofAgent(subject: Subject): Finding[] {
  const { agent, status } = subject;
  if (agent.kind !== 'read') return [];
  return [status ? ok('agentAnswers') : warning('agentSilent'), ...bodyFaults(subject, 'services')];
}

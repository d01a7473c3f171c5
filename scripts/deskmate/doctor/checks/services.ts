import {
  type Check,
  type Finding,
  notExamined,
  ok,
  problem,
  type Subject,
  warning,
} from '../check.ts';
import { bodyFaults, SERVICES, stateOf } from '../subject.ts';

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

/** All that `deskmate doctor` needs, loaded when it is asked for. */
export { checks } from './checks/all.ts';
export { examine, worst } from './examine.ts';
export { LinuxHostProbe } from './linux-host-probe.ts';
export { openSubject } from './subject.ts';
export { asJson, tell } from './tell.ts';

import { withAgent } from '../command/agent-connection.ts';
import { jsonFlag } from '../command/flag.ts';
import { type Call, EXIT, type Verb } from '../command/verb.ts';
import type { HostProbe } from '../doctor/host-probe.ts';

/** A status query must be answered quickly. */
const NETWORK_MS = 1_000;

export const status = statusOf(async ({ clock, env }) => {
  const { LinuxHostProbe } = await import('../doctor/linux-host-probe.ts');
  return new LinuxHostProbe(clock, env);
});

/** With the host probe as a parameter. Exported for tests. */
export function statusOf(machineOf: (call: Call) => Promise<Pick<HostProbe, 'network'>>): Verb {
  return {
    name: 'status',
    summary: {
      en: 'how the robot is doing now',
      nl: 'hoe het nu met de robot gaat',
      sv: 'hur roboten mår just nu',
    },
    flags: { json: jsonFlag },
    async run(call) {
      const { terminal, flags, language } = call;
      const answer = await withAgent(call, (agent) => agent.status());
      const network = await (await machineOf(call)).network(NETWORK_MS);
      const { rowsOf, tellRows } = await import('../status/status-rows.ts');
      if (flags.json) terminal.line(JSON.stringify({ ...answer, network }, null, 2));
      else tellRows(terminal, rowsOf(answer, network, language));
      return EXIT.ok;
    },
  };
}

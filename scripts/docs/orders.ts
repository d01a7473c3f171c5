import { WIPE_TABLE } from '../../agent/orders/wipe-table.ts';
import { ROLES } from '../../agent/wire/grant.ts';
import { type ActionKind, ORDERED_BY } from '../../agent/wire/order.ts';

/** Replaces the generated tables of docs/fleet-orders.md, between their markers. */
export function ordersDocument(text: string): string {
  return between(between(text, 'who', whoTable()), 'wipe', wipeTable());
}

function whoTable(): string {
  const people = ROLES.filter((role) => role !== 'service');
  const head = [`| order | ${people.join(' | ')} |`, `| --- |${' --- |'.repeat(people.length)}`];
  const kinds = Object.keys(ORDERED_BY) as ActionKind[];
  const rows = kinds.map((kind) => {
    const marks = people.map((role) => (ORDERED_BY[kind].includes(role) ? 'yes' : '-'));
    return `| \`${kind}\` | ${marks.join(' | ')} |`;
  });
  return [...head, ...rows].join('\n');
}

function wipeTable(): string {
  const rows = WIPE_TABLE.map(({ file, fate, why, digested }) => {
    const name = file.source.replaceAll('|', '\\|');
    return `| \`${name}\` | ${fate} | ${why} | ${digested ? 'yes' : '-'} |`;
  });
  return ['| file | fate | why | in the digest |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function between(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: by npm run docs -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/fleet-orders.md: expected ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}

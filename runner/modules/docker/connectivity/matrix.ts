import * as z from 'zod';
import { clearBlame } from './one-way.ts';
import { explained } from './explained.ts';
import { tableOf } from './table.ts';
import { defineModule } from '../../../model/module.ts';

const args = z.strictObject({
  title: z.string().describe('What the table shows.'),
  hosts: z.array(z.string()).describe('Rows and columns, in this order: all hosts, failed and unreachable ones too.'),
  results: z.any().describe('Results of `connectivity` by host, or `hostvars`.'),
  register: z.string().default('reach').describe('The name of the results in `hostvars`.'),
  reasons: z
    .array(z.string())
    .default([])
    .describe('Names of registered results in `hostvars`, of which a failed one is why a host was not tried.'),
  causes: z
    .array(
      z.looseObject({
        text: z.string().describe('What is wrong.'),
        fix: z.string().describe('What ends it.'),
        paths: z.array(z.tuple([z.string(), z.string()])).describe('The paths that it breaks, each from and to.'),
      }),
    )
    .default([])
    .describe('Of `network_causes`: a failed cell that one of them explains has it.'),
});

export default defineModule({
  name: 'matrix',
  summary: 'Show who reaches whom',
  notes: [
    'A host without results, such as one that failed or is unreachable, has a row and a column of failed cells with the reason. The result has `good`, false where nothing was tried, and `bad`, the failed cells in words; `failures` has them by host.',
    'Where `hostvars` has `proof_arrived`, what arrived at a host and how often (`COUNT ADDRESS`, by line), a cell fails only in the direction in which packets are lost.',
  ],
  examples: `
- matrix:
    title: Containers
    hosts: "{{ansible_play_hosts_all}}"
    results: "{{hostvars}}"
  run_once: true
`,
  returns: { good: 'How many paths work.', bad: 'How many do not.', failures: 'Those, in words.' },
  args,
  traits: { allHosts: true },
  decide({ title, hosts, results, register, reasons, causes }) {
    const found = clearBlame(hosts, results, tableOf(hosts, results, register, reasons));
    const cells = explained(hosts, found, causes);
    const bad = hosts.flatMap((row, i) =>
      hosts.flatMap((column, j) => {
        const cell = cells[i]?.[j];
        return cell?.ok === false ? [`${row} -> ${column}: ${cell.cause ?? cell.text}`] : [];
      }),
    );
    const failures = Object.fromEntries(hosts.map((row) => [row, bad.filter((text) => text.startsWith(`${row} -> `))]));
    const tried = cells.flat().some(({ ok }) => ok !== null);
    return {
      kind: 'ok',
      matrix: { title, rows: hosts, columns: hosts, cells },
      result: { bad, failures, good: tried && bad.length === 0 },
    };
  },
});

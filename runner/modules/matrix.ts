import * as z from 'zod';
import type { MatrixCell } from '../events.ts';
import { defineModule } from './module.ts';

const args = z.strictObject({
  title: z.string().describe('What the table shows.'),
  hosts: z.array(z.string()).describe('Rows and columns, in this order.'),
  results: z.any().describe('Results of `connectivity` by host, or `hostvars`.'),
  register: z.string().default('reach').describe('The name of the results in `hostvars`.'),
});

export default defineModule({
  name: 'matrix',
  summary: 'Show who reaches whom, and fail where somebody does not reach somebody',
  examples: `
- matrix:
    title: Containers
    hosts: "{{play_hosts}}"
    results: "{{hostvars}}"
  run_once: true
`,
  args,
  decide({ title, hosts, results, register }) {
    const cellsOf = (host: string) => ((results as Record<string, Record<string, { cells?: Record<string, MatrixCell> }>>)[host]?.[register]?.cells ?? {});
    const cells = hosts.map((row) => hosts.map((column): MatrixCell => (row === column ? { ok: null, text: '-' } : (cellsOf(row)[column] ?? { ok: false, text: 'not tried' }))));
    const bad = hosts.flatMap((row, i) => hosts.flatMap((column, j) => (cells[i]?.[j]?.ok === false ? [`${row} -> ${column}: ${cells[i]![j]!.text}`] : [])));
    return { kind: 'ok', matrix: { title, rows: hosts, columns: hosts, cells }, result: { bad, good: bad.length === 0 } };
  },
});

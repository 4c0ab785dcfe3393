// Usage: node demo-unchanged.js EVENTS.jsonl - exits 1 unless the run they report changed nothing on any host.
import { readFileSync } from 'node:fs';

const events = readFileSync(process.argv[2], 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const { stats } = events.findLast((event) => event.type === 'run_end');
const changed = Object.entries(stats).filter(([, counts]) => counts.changed > 0);
for (const [host, counts] of changed) console.error(`the second run changed ${counts.changed} on ${host}`);
if (changed.length === 0) console.log(`0 changed on ${Object.keys(stats).join(', ')}`);
process.exitCode = changed.length === 0 ? 0 : 1;

// npx tsx test/docs/record.ts PAGE...: writes below the commands of a page what they print, by the xrun of this checkout.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf } from './blocks.ts';
import { follow, putCommand, stepsOf } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'xrun-record-'));
const home = join(folder, 'home');
putCommand(folder, join(import.meta.dirname, '../../bin/xrun.cjs'));
for (const page of process.argv.slice(2)) {
  const text = readFileSync(page, 'utf8');
  mkdirSync(home);
  const env = { HOME: home, PATH: `${folder}:${process.env.PATH}` };
  const done = follow(stepsOf(blocksOf(text)), { cwd: home, env });
  const lines = text.split('\n');
  for (const { shown, printed } of done.toReversed()) {
    const height = shown.command.split('\n').length;
    lines.splice(shown.line - 1 + height, shown.output.split('\n').length - 1, ...printed.split('\n').slice(0, -1));
  }
  writeFileSync(page, lines.join('\n').replaceAll(home, '/home/you'));
  rmSync(home, { recursive: true });
}
rmSync(folder, { recursive: true });

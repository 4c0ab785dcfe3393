import { fileURLToPath } from 'node:url';
import { measure } from './measure.ts';
import { ratios, spread } from './statistics.ts';

const xrun = fileURLToPath(new URL('../bin/xrun.js', import.meta.url));

/** How long xrun takes to say its version, by how long node takes to do nothing. */
export async function startUp(rounds: number, dir: string): Promise<string> {
  const version: number[] = [];
  const nothing: number[] = [];
  for (let i = 0; i < rounds; i++) {
    nothing.push((await measure({ argv: [process.execPath, '-e', '0'], cwd: dir }, dir)).wall);
    version.push((await measure({ argv: [process.execPath, xrun, '--version'], cwd: dir }, dir)).wall);
  }
  const ms = (seconds: number) => (seconds * 1000).toFixed(0);
  const { median, least, most } = ratios(version, nothing)!;
  return `xrun --version: ${ms(spread(version).median)} ms, node -e 0: ${ms(spread(nothing).median)} ms, ratio ${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)}), ${rounds} rounds\n`;
}

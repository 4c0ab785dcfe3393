/** npm run soak:killed: xrun is killed (SIGKILL) at random moments; every change has its handler run, or run by the next run. */
import { Command, Option } from 'commander';
import { whole } from '../../runner/cli/options/option-values.ts';
import { numbersFrom } from '../fuzz/inputs.ts';
import { KilledRuns } from '../support/killed.ts';

const options = new Command('soak:killed')
  .description('Kills xrun at random moments of a run, lets the next run end, and looks for handlers that were lost')
  .addOption(new Option('--rounds <n>', 'how many').argParser(whole).default(100))
  .addOption(new Option('--seed <n>', 'the same moments again').argParser(whole).default(Date.now() % 1_000_000))
  .parse()
  .opts<{ rounds: number; seed: number }>();

const random = numbersFrom(options.seed);
const runs = await KilledRuns.start();
try {
  const pace = await runs.pace();
  process.stderr.write(`seed ${options.seed}; a run that nobody kills takes ${pace} ms\n`);
  let lost = 0;
  for (let i = 0; i < options.rounds; i++) {
    const found = await runs.round(Math.round(random() * pace));
    lost += found.length;
    for (const line of found) process.stderr.write(`LOST ${line}\n`);
  }
  process.stdout.write(`${options.rounds} runs killed, ${lost} handlers lost\n`);
  process.exitCode = lost === 0 ? 0 : 1;
} finally {
  await runs.clean();
}

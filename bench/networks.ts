/** npm run bench:networks: what each scheme leaves of the hosts' throughput, in the lab. One table. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { whole } from '../runner/cli/options/option-values.ts';
import { LabError } from '../lab/error.ts';
import { asVariables, givenFile } from './given-files.ts';
import type { GivenFiles } from './given-files.ts';
import { markdown, shown } from './markdown.ts';
import { SCHEMES } from './network-schemes.ts';
import { measureScheme } from './network-throughput.ts';
import { ratios, spread } from './statistics.ts';

const known = Object.keys(SCHEMES);
const some = (text: string) =>
  text.split(',').map((word) => {
    if (known.includes(word)) return word;
    throw new InvalidArgumentError(`Choose from ${known.join(', ')}.`);
  });

const wanted = [...new Set(Object.values(SCHEMES).flatMap(({ files = [] }) => files))];

const { schemes, file, prepare, rounds, seconds } = new Command('bench:networks')
  .description(
    'iperf3 from a container on one host to one on another, beside iperf3 from host to host, for each scheme',
  )
  .addOption(new Option('--schemes <name,name>', known.join(', ')).argParser(some).default(known, 'all'))
  .addOption(
    new Option(
      '--file <variable=file>',
      `a program that is in no package, by the variable of its playbook: ${wanted.join(', ')}`,
    )
      .argParser(givenFile(wanted))
      .default({}, 'none'),
  )
  .addOption(
    new Option('--prepare <command>', 'what every host does first, where its kernel or machine lacks something'),
  )
  .addOption(new Option('--rounds <n>', 'how often both are measured, by turns').argParser(whole).default(5))
  .addOption(new Option('--seconds <n>', 'how long each time').argParser(whole).default(2))
  .parse()
  .opts<{ schemes: string[]; file: GivenFiles; prepare?: string; rounds: number; seconds: number }>();

async function row(name: string): Promise<string[]> {
  const { files = [], options, ...scheme } = SCHEMES[name]!;
  const missing = files.filter((variable) => !file[variable]);
  if (missing.length)
    return unmeasured(name, `wants ${missing.map((variable) => `--file ${variable}=FILE`).join(' ')}`);
  try {
    const given = { ...scheme, options: { ...options, ...asVariables(files, file) } };
    const { containers, hosts, before, mtu } = await measureScheme(given, rounds, seconds, prepare);
    return [
      name,
      String(mtu),
      shown(ratios(containers, hosts)),
      shown(ratios(hosts, before)),
      shown(spread(containers)),
      shown(spread(before)),
    ];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.exitCode = 1;
    return unmeasured(name, error.message);
  }
}

function unmeasured(name: string, why: string): string[] {
  process.stderr.write(`${name} is not measured: ${why}\n`);
  return [name, '-', 'not measured', '-', '-', '-'];
}

const rows: string[][] = [];
for (const name of schemes) {
  process.stderr.write(`${name}\n`);
  rows.push(await row(name));
}
process.stdout.write(
  markdown(['', 'MTU', 'containers : hosts', 'hosts : hosts before', 'containers Gbit/s', 'hosts before Gbit/s'], rows),
);

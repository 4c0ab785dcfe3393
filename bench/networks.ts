/** npm run bench:networks: what each scheme leaves of the hosts' throughput, in the lab. One table. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { whole } from '../runner/cli/option-values.ts';
import { LabError } from '../lab/error.ts';
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

const { schemes, rounds, seconds } = new Command('bench:networks')
  .description('iperf3 from a container on one host to one on another, beside iperf3 from host to host, for each scheme')
  .addOption(new Option('--schemes <name,name>', known.join(', ')).argParser(some).default(known, 'all'))
  .addOption(new Option('--rounds <n>', 'how often both are measured, by turns').argParser(whole).default(5))
  .addOption(new Option('--seconds <n>', 'how long each time').argParser(whole).default(2))
  .parse()
  .opts<{ schemes: string[]; rounds: number; seconds: number }>();

const rows: string[][] = [];
for (const name of schemes) {
  process.stderr.write(`${name}\n`);
  try {
    const { containers, hosts, before, mtu } = await measureScheme(SCHEMES[name]!, rounds, seconds);
    rows.push([name, String(mtu), shown(ratios(containers, hosts)), shown(ratios(hosts, before)), shown(spread(containers)), shown(spread(before))]);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
process.stdout.write(markdown(['', 'MTU', 'containers : hosts', 'hosts : hosts before', 'containers Gbit/s', 'hosts before Gbit/s'], rows));

import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { endRunning } from './command.ts';
import { LabError } from './error.ts';
import { cut, heal, powerOff } from './host.ts';
import { bringUp, down, existing, hostOf, prepareImage, status, up } from './lab.ts';
import { checkout } from './paths.ts';
import { login } from './ssh.ts';
import {
  kernels,
  networkSystems,
  readStates,
  releases,
  type Kernel,
  type LabState,
  type NetworkSystem,
  type Release,
} from './state.ts';
import { requireRootOnLinux } from './requirements.ts';

interface UpOptions {
  name: string;
  hosts?: number;
  image?: Release;
  nics?: 1 | 2;
  network?: NetworkSystem;
  kernel?: Kernel;
  inventory: string;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

const number = (text: string) => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};

const lab = () => new Option('--name <name>', 'name of the lab').default('lab');

const program = new Command('lab')
  .description('Linux hosts with systemd, sshd, Docker and Open vSwitch, on this machine')
  .enablePositionalOptions();

program
  .command('up')
  .description('boot a lab, or what is missing of it, and write its inventory')
  .addOption(lab())
  .option('--hosts <n>', 'how many hosts (default: 3)', number)
  .addOption(new Option('--image <release>', 'Debian release (default: bookworm)').choices(releases))
  .addOption(new Option('--nics <n>', 'network cards a host has (default: 1)').choices(['1', '2']).argParser(number))
  .addOption(new Option('--network <system>', 'what brings eth0 up inside (default: networkd)').choices(networkSystems))
  .addOption(
    new Option('--kernel <kernel>', "the hosts' kernel: the machine's, or one each (default: machine)").choices(
      kernels,
    ),
  )
  .option('--inventory <file>', 'inventory to write', join(checkout, 'inventory', 'lab.yml'))
  .action(async (options: UpOptions) => {
    const state = await up(options, say);
    say(`lab ${state.name} is up: ${state.hosts.length} ${state.image} hosts, inventory ${options.inventory}`);
  });

program
  .command('image')
  .description('build the images of these releases, as far as they are not there')
  .argument('<release...>', releases.join(', '))
  .action(async (wanted: string[]) => {
    for (const release of releases.filter((each) => wanted.includes(each))) await prepareImage(release, say);
  });

program
  .command('down')
  .description('take a lab down and remove all it made')
  .addOption(lab())
  .option('--all', 'every lab of this machine')
  .action(async (options: { name: string; all?: boolean }) => {
    const names = options.all ? (await readStates()).map((state) => state.name) : [options.name];
    for (const name of names) say((await down(name)) ? `lab ${name} is down` : `lab ${name} was not up`);
  });

program
  .command('status')
  .description('the hosts of every lab, with addresses')
  .action(async () => {
    requireRootOnLinux();
    const labs = await readStates();
    if (labs.length === 0) return say('no lab is up');
    for (const state of labs) say(await table(state));
  });

program
  .command('ssh')
  .description('log in to a host')
  .argument('<host>')
  .addOption(lab())
  .option('--user <user>', 'root, deploy (sudo with password "deploy") or ops (sudo without)', 'root')
  .action(async (name: string, options: { name: string; user: string }) => {
    const state = await existing(options.name);
    process.exitCode = await login(state.name, hostOf(state, name), options.user, []);
  });

program
  .command('exec')
  .description('run a command on a host; its exit code is passed on')
  .addOption(lab())
  .option('--user <user>', 'whom to run it as', 'root')
  .argument('<host>')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (name: string, command: string[], options: { name: string; user: string }) => {
    const state = await existing(options.name);
    process.exitCode = await login(state.name, hostOf(state, name), options.user, command);
  });

const acts = {
  stop: { does: 'shut a host down', act: powerOff },
  start: {
    does: 'power a host on',
    act: (state: LabState, host: LabState['hosts'][number]) => bringUp(state, host, say),
  },
  cut: { does: "pull a host's network cables", act: cut },
  heal: { does: 'plug them in again', act: heal },
};

for (const [command, { does, act }] of Object.entries(acts)) {
  program
    .command(command)
    .description(does)
    .argument('<host>')
    .addOption(lab())
    .action(async (name: string, options: { name: string }) => {
      const state = await existing(options.name);
      await act(state, hostOf(state, name));
    });
}

async function table(state: LabState): Promise<string> {
  const hosts = await status(state);
  const rows = hosts.map((host) => [`  ${host.name}`, host.address, host.state]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 2);
  const lines = rows.map(
    ([name = '', address = '', now = '']) => name.padEnd(widths[0] ?? 0) + address.padEnd(widths[1] ?? 0) + now,
  );
  return [
    `lab ${state.name} (${state.image}, ${state.network}${state.kernel === 'uml' ? ', kernels of their own' : ''})`,
    ...lines,
  ].join('\n');
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endRunning();
    process.stderr.write(
      'interrupted: "npm run lab -- up" goes on from here, "npm run lab -- down" removes what is there\n',
    );
    process.exit(130);
  });
}

try {
  process.umask(0o022);
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 1;
}

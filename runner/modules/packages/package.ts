import { defineModule } from '../../model/module.ts';
import type { StepResult } from '../../model/module.ts';
import { managerOf, probePackages } from './managers.ts';
import { choresOf, fileOf, namesOf, packageArgs, upgradeOf } from './package-args.ts';
import type { PackageArgs } from './package-args.ts';
import { compare, refuseFile, refuseNames, refuseRepositories } from './package-decision.ts';
import { parsePackages } from './package-state.ts';
import type { PackageState } from './package-state.ts';

export default defineModule<typeof packageArgs, PackageState>({
  name: 'package',
  aliases: ['apt', 'dnf', 'yum', 'apk'],
  summary: 'Install and remove packages with apt, dnf, yum or apk',
  notes: [
    'Where all is installed the network is not touched, not even to update the lists.',
    'Nothing is asked: configuration that was changed stays.',
  ],
  examples: `
- package:
    name: [docker.io, iproute2]
    update_cache: true
- package:
    name: nginx=1.22.1-9
- package: {name: telnet, state: absent, purge: true}
`,
  returns: { rc: 'The exit status of the package manager.', stdout: 'What it printed.', stderr: 'Its errors.' },
  args: packageArgs,
  resource: (args) => `package:${[...namesOf(args), ...(fileOf(args) ? [fileOf(args)] : [])].join(',')}`,
  probe: (args) =>
    probePackages(
      {
        names: args.state === 'build-dep' ? [] : namesOf(args),
        latest: args.state === 'latest',
        file: fileOf(args),
        upgrade: upgradeOf(args),
        chores: choresOf(args),
      },
      args.use,
    ),
  parse: parsePackages,
  decide(args, state, context) {
    if (state.manager === 'none')
      return {
        kind: 'fail',
        message: 'this host has none of apt, dnf, yum and apk',
        hint: 'Use `command` for another package manager.',
      };
    return (
      refuseFile(args, state, context) ??
      refuseRepositories(args, state) ??
      refuseNames(args, state, context) ??
      compare(args, state, context)
    );
  },
  result: (args, steps, state) => resultOf(args, steps, state),
});

function resultOf(args: PackageArgs, steps: StepResult[], state: PackageState) {
  const { rc, stdout, stderr } = steps.at(-1) as StepResult;
  const result = { rc, stdout, stderr };
  if (rc !== 0)
    return { ...result, failed: true, msg: lastWords(stderr) || `the package manager left with exit status ${rc}` };
  const news = args.state === 'latest' || upgradeOf(args) !== undefined;
  const nothing = news && managerOf(state.manager as 'apt').nothingDone.test(stdout);
  return nothing ? { ...result, changed: false } : result;
}

/** dpkg's own words about what went wrong, and apt's. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const own = lines.filter(
    (line, i) => /^(E: |dpkg: |dpkg-deb: )/.test(line) || /^(E: |dpkg: )/.test(lines[i - 1] ?? ''),
  );
  return (own.length > 0 ? own : lines).slice(-8).join('\n');
}

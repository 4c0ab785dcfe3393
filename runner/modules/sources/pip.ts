import type { Diff } from '../../model/events.ts';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { onWay } from '../../connection/files/way.ts';
import { splitWords } from '../../model/words.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step, StepResult } from '../../model/module.ts';
import { passwordsIn } from '../shared/passwords.ts';
import { lacking, linesOf } from '../shared/program.ts';
import { pipArgs } from './pip/pip-args.ts';
import type { PipArgs } from './pip/pip-args.ts';
import { askedFor, directoryOf, findPip, parsePip, probePip, venvOf } from './pip/pip-state.ts';
import type { PipState } from './pip/pip-state.ts';
import { isInstalled, parseRequirement } from './pip/requirement.ts';

export default defineModule<typeof pipArgs, PipState>({
  name: 'pip',
  summary: 'Manage packages of Python by pip, on the host or in a virtual environment',
  notes: [
    'What a requirements file or `latest` would change is asked of pip itself (`pip install --dry-run`, since pip 22.2), which may ask the index.',
    'A URL or a path is installed anew in every run; the task is changed where the list of packages is another one afterwards.',
    'An address with a password in `extra_args` can be seen in the process list of the host: put it into /etc/pip.conf.',
  ],
  examples: `
- pip: {name: 'django>=4.2,<5', virtualenv: /srv/app/venv}
- pip: {requirements: requirements.txt, chdir: /srv/app, virtualenv: venv}
- pip: {name: [requests, PyYAML==6.0.1], executable: pip3, break_system_packages: true}
`,
  returns: {
    name: 'The packages.',
    version: 'The wanted version.',
    requirements: 'The file of requirements.',
    state: 'What was asked for.',
    virtualenv: 'The virtual environment.',
    stdout: 'What pip printed.',
    stderr: 'Its errors.',
  },
  args: pipArgs,
  fresh: true,
  probe: probePip,
  parse: parsePip,
  decide,
  secrets: ({ extra_args = '', name = [] }) => passwordsIn([extra_args, ...name]),
  result,
});

function decide(args: PipArgs, state: PipState, context: DecideContext): Decision<PipState> {
  const venv = venvOf(args);
  const result = resultOf(args);
  const make = venv !== undefined && !state.venv;
  if (make && args.state === 'absent') return { kind: 'ok', result };
  if (state.pip === undefined && !make)
    return lacking(context, 'this host has no pip', 'Install the package python3-pip by a task before.');
  const { diff, why } = args.state === 'absent' ? uninstalled(args, state) : installed(args, state, make);
  const acts = diff.length > 0 || why !== undefined;
  if (acts && state.managed && !args.break_system_packages) return refuseManaged();
  if (!make && !acts) return { kind: 'ok', result };
  const steps = [...(make ? [makeVenv(args, venv)] : []), ...(acts ? [change(args, diff)] : [])];
  if (!make && diff.length === 0) return { kind: 'unknown', why: why ?? '', steps, result };
  const planned = make && context.planned(resourceOf(venv)) === true;
  const made: Diff[] = make && !planned ? [{ what: venv, before: null, after: 'a virtual environment' }] : [];
  return { kind: 'change', diff: [...made, ...diff], steps, plans: make ? { [resourceOf(venv)]: true } : {}, result };
}

/** What later tasks of a check know a virtual environment by. */
const resourceOf = (venv: string) => `venv:${venv}`;

/** What differs; `why`: what more cannot be known. */
interface Differences {
  diff: Diff[];
  why?: string;
}

function uninstalled({ name, requirements }: PipArgs, { installed, file = [] }: PipState): Differences {
  const asked = requirements === undefined ? (name ?? []) : file.map((line) => line.replace(/(^|\s)#.*$/, ''));
  const gone = asked.map((one) => parseRequirement(one).name ?? '').filter((one) => installed[one] !== undefined);
  return { diff: gone.map((what) => ({ what, before: installed[what] ?? null, after: null })) };
}

function installed(args: PipArgs, state: PipState, make: boolean): Differences {
  if (make && args.requirements !== undefined)
    return { diff: [{ what: args.requirements, before: null, after: 'installed' }] };
  if (!make && state.refused !== undefined)
    return { diff: [], why: `pip does not say what it would install: ${linesOf(state.refused).at(-1)}` };
  const found = make ? {} : state.installed;
  const differs = (what: string, after: string): Diff => ({ what, before: found[what] ?? null, after });
  if (!make && state.would !== undefined)
    return { diff: Object.entries(state.would).map(([name, version]) => differs(name, version)) };
  const all = (args.name ?? []).map((one) => parseRequirement(args.version ? `${one}==${args.version}` : one));
  const wrong = all.filter((one) => make || args.state === 'forcereinstall' || isInstalled(one, found) === false);
  const asked = all.find((one) => !wrong.includes(one) && isInstalled(one, found) === undefined);
  return {
    diff: wrong.map(({ name, text, range }) => differs(name ?? text, range ?? 'present')),
    ...(asked && { why: `only pip knows whether ${asked.text} is installed` }),
  };
}

function refuseManaged(): Decision<PipState> {
  return {
    kind: 'fail',
    message: 'the distribution manages the Python of this host (externally managed, PEP 668): pip may not change it',
    hint: "Say `virtualenv: DIRECTORY`, install the distribution's own package (python3-NAME), or say `break_system_packages: true`.",
  };
}

function makeVenv(args: PipArgs, venv: string): Step {
  const { virtualenv_command, virtualenv_python, virtualenv_site_packages } = args;
  const options = virtualenv_site_packages && '--system-site-packages';
  const python = virtualenv_python !== undefined && (['-p', virtualenv_python] as const);
  const given = virtualenv_command !== undefined && splitWords(virtualenv_command);
  const takesPython = given && !(given.at(-1) as string).endsWith('venv') ? python : undefined;
  const command = given
    ? argv(given, options, takesPython, venv)
    : sh`if command -v virtualenv >/dev/null 2>&1; then virtualenv ${options} ${python} ${venv}; else ${virtualenv_python ?? 'python3'} -m venv ${options} ${venv}; fi`;
  return { do: 'run', script: onWay([venv], inDirectory(args, command)) };
}

/** Prints the list of packages before and after, so that the result knows whether it is another one. */
function change(args: PipArgs, diff: readonly Diff[]): Step {
  const freeze = raw('run freeze --all 2>/dev/null');
  const command =
    args.state === 'absent'
      ? argv(
          'run',
          'uninstall',
          '-y',
          extra(args),
          args.requirements === undefined ? diff.map(({ what }) => what) : ['-r', args.requirements],
        )
      : argv('run', 'install', INSTALL[args.state], askedFor(args));
  const script = sh`${findPip(args)}
[ "$pip" ] || { echo 'the virtual environment has no pip' >&2; exit 1; }
before=$(${freeze}); ${venvOf(args) !== undefined && sh`PATH=${`${venvOf(args)}/bin`}:$PATH;`}
${command} || exit; after=$(${freeze}); [ "$before" = "$after" ] || echo ${CHANGED}`;
  const venv = venvOf(args);
  return { do: 'run', script: onWay(venv === undefined ? [] : [venv], inDirectory(args, script)) };
}

const CHANGED = 'xrun: the packages are others now';
const INSTALL = { present: false, latest: '--upgrade', forcereinstall: ['--upgrade', '--force-reinstall'] } as const;

const extra = ({ extra_args }: PipArgs) => extra_args !== undefined && splitWords(extra_args);

function inDirectory(args: PipArgs, script: Script): Script {
  return sh`${args.umask !== undefined && sh`umask ${args.umask};`} cd ${directoryOf(args)} || exit
${script}`;
}

function resultOf(args: PipArgs): Result {
  const { name, version, requirements, state } = args;
  return {
    name: name ?? null,
    version: version ?? null,
    requirements: requirements ?? null,
    state,
    virtualenv: venvOf(args) ?? null,
  };
}

function result(args: PipArgs, steps: StepResult[], state: PipState): Result {
  const stdout = steps.map((step) => step.stdout).join('');
  const same = !stdout.includes(CHANGED) && args.state !== 'forcereinstall';
  const made = venvOf(args) !== undefined && !state.venv;
  return {
    stdout: stdout.replace(`${CHANGED}\n`, ''),
    stderr: steps.map((step) => step.stderr).join(''),
    ...(same && !made && { changed: false }),
  };
}

import { posix } from 'node:path';
import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { splitWords } from '../../../model/words.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { sections } from '../../shared/sections.ts';
import type { PipArgs } from './pip-args.ts';
import { normalName } from './requirement.ts';
import type { Installed } from './requirement.ts';

/** What of pip is on the host. */
export interface PipState {
  /** Absent where neither the host nor the virtual environment has one. */
  pip?: string;
  /** Whether the virtual environment that is asked for exists. */
  venv: boolean;
  installed: Installed;
  /** The distribution manages this Python (PEP 668). */
  managed: boolean;
  /** What pip would install, by name, where it was asked. */
  would?: Installed;
  /** What pip said instead. */
  refused?: string;
  /** Lines of the requirements file, where it is to be uninstalled; absent where that file does not exist. */
  file?: string[];
}

/** The directory that a task's commands run in: Ansible's is the one for temporary files. */
export const directoryOf = ({ chdir }: PipArgs) => chdir ?? '/tmp';

/** The virtual environment's path. */
export const venvOf = (args: PipArgs) =>
  args.virtualenv === undefined ? undefined : posix.resolve(directoryOf(args), args.virtualenv);

/** Sets `pip` to the words by which the task's pip is called; pip asks nothing, and looks for no newer one of itself. */
export function findPip(args: PipArgs): Script {
  const venv = venvOf(args);
  const given = venv === undefined ? args.executable : `${venv}/bin/pip`;
  return sh`export PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
${args.break_system_packages && raw('export PIP_BREAK_SYSTEM_PACKAGES=1')}
cd ${directoryOf(args)} || exit
pip=; for p in ${given ?? raw('pip3 pip')}; do [ "$pip" ] || ! command -v "$p" >/dev/null 2>&1 || pip=$p; done
run() { "$pip" "$@"; }
${given === undefined && raw(`if [ -z "$pip" ] && python3 -m pip --version >/dev/null 2>&1; then pip='python3 -m pip'; run() { python3 -m pip "$@"; }; fi`)}`;
}

/** Whether pip has to be asked what it would install: only it reads requirements files, and knows the newest versions. */
export const asksPip = ({ requirements, state, name = [] }: PipArgs) =>
  (requirements !== undefined && state !== 'absent') || (state === 'latest' && name.length > 0);

/** What the task asks pip for: options, and packages or the file. */
export function askedFor(args: PipArgs): string[] {
  const { name = [], version, requirements, editable, extra_args } = args;
  const names = version === undefined ? name : name.map((one) => `${one}==${version}`);
  return [
    ...(extra_args === undefined ? [] : splitWords(extra_args)),
    ...(requirements === undefined ? names.flatMap((one) => (editable ? ['-e', one] : [one])) : ['-r', requirements]),
  ];
}

const PRINT_MANAGED = `import os,sys,sysconfig
print(sys.prefix == sys.base_prefix and os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")))`;

/** Reads all of {@link PipState}; {@link parsePip} understands what it prints. */
export function probePip(args: PipArgs): Script {
  const venv = venvOf(args);
  const dry = sh`echo @@would; w=$(run install --dry-run --quiet --report - ${args.state === 'latest' && raw('--upgrade')} ${askedFor(args)} 2>&1) && echo yes || echo no; printf '%s\\n' "$w"`;
  const lines = sh`[ ! -r ${args.requirements ?? ''} ] || { echo @@file; cat ${args.requirements ?? ''}; echo; }`;
  return sh`${findPip(args)}
${venv !== undefined && sh`echo @@venv; [ ! -x ${`${venv}/bin/python`} ] || echo yes`}
${args.state === 'absent' && args.requirements !== undefined && lines}
[ "$pip" ] || { echo @@end; exit 0; }
echo @@pip; echo "$pip"
v=$(run --version) || exit; v=\${v##*\\(python }; v=\${v%)*}
${venv === undefined && sh`echo @@managed; ! command -v "python$v" >/dev/null || "python$v" -c ${PRINT_MANAGED} || exit`}
echo @@list; run list --format=json 2>/dev/null || exit; echo
${asksPip(args) && dry}
echo @@end`;
}

/** What {@link probePip} printed. Throws an Error where that is incomplete. */
export function parsePip({ stdout, stderr }: ProbeResult): PipState {
  if (!stdout.endsWith('@@end\n')) throw new Error(`the output of pip is not complete: ${stderr.trim()}`);
  const found = sections(stdout);
  const pip = found.get('pip');
  const would = found.get('would');
  const file = found.get('file');
  return {
    ...(pip !== undefined && { pip }),
    venv: found.get('venv') === 'yes',
    installed: installedOf(found.get('list') ?? '[]'),
    managed: found.get('managed') === 'True',
    ...(would !== undefined && wouldOf(would)),
    ...(file !== undefined && { file: file.split('\n') }),
  };
}

function installedOf(json: string): Installed {
  const list = JSON.parse(json) as { name: string; version: string }[];
  return Object.fromEntries(list.map(({ name, version }) => [normalName(name), version]));
}

/** `yes` and the report of `pip install --dry-run`, or `no` and what pip said; it may warn before the report. */
function wouldOf(said: string): Pick<PipState, 'would' | 'refused'> {
  const begin = said.indexOf('\n');
  const [answer, rest] = [said.slice(0, begin), said.slice(begin + 1)];
  if (answer !== 'yes') return { refused: rest.trim() || 'nothing' };
  const { install } = JSON.parse(rest.slice(rest.indexOf('{'), rest.lastIndexOf('}') + 1)) as {
    install: { metadata: { name: string; version: string } }[];
  };
  return { would: Object.fromEntries(install.map(({ metadata }) => [normalName(metadata.name), metadata.version])) };
}

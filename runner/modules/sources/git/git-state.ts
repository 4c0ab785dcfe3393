import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { sections } from '../../shared/sections.ts';
import type { GitArgs } from './git-args.ts';
import { AT, addressOf, withGit } from './remote.ts';

/** What is on the host, and what the remote has. */
export interface GitState {
  /** `other`: something is there that is not a repository. `foreign`: git refuses another user's. */
  dest: 'absent' | 'repository' | 'other' | 'foreign';
  /** Of the user whom a foreign one belongs to. */
  owner?: string;
  /** The commit that is checked out; absent in an empty repository. */
  head?: string;
  /** The address of the remote. */
  url?: string;
  /** Files that were changed by hand. */
  modified: string[];
  /** Submodules that are not at their commit. */
  submodules: string[];
  /** The branch that HEAD means; absent for one that is not there yet. */
  branch?: string;
  /** What the remote has of `version`: names of references with their commits. */
  refs?: Record<string, string>;
  /** Why the remote was not read. */
  refused?: string;
}

/** Reads all of {@link GitState}; {@link parseGit} understands what it prints. */
export function probeGit(args: GitArgs): Script {
  const { dest, version, repo } = args;
  const copy = dest === undefined ? sh`echo @@dest; echo absent` : probeCopy(args, dest);
  const wanted = version === 'HEAD' ? sh`HEAD \${b:+"refs/heads/$b"}` : sh`${version} ${`refs/tags/${version}^{}`}`;
  return withGit(
    args,
    sh`b=
${copy}
echo @@branch; echo "$b"
echo @@refs; e=$(g ls-remote ${addressOf(repo).url} ${wanted} 2>&1) && printf '%s\\n' "$e" || { echo @@refused; printf '%s\\n' "$e" | sed 's/^@@/ @@/'; }`,
    true,
  );
}

/** `$b` gets the branch that HEAD means. */
function probeCopy({ bare, remote, recursive }: GitArgs, dest: string): Script {
  const at = AT(dest);
  return sh`echo @@dest
if e=$(${at} rev-parse --git-dir 2>&1) && { [ "$e" = .git ] || [ "$e" = . ] || [ -e ${`${dest}/.git`} ]; }; then echo repository
echo @@head; ${at} rev-parse -q --verify HEAD
echo @@url; ${at} config --get ${`remote.${remote}.url`}
b=$(${at} symbolic-ref -q --short HEAD) || { b=$(${at} symbolic-ref -q --short ${`refs/remotes/${remote}/HEAD`}); b=\${b#${remote}/}; }
${!bare && sh`m=$(${at} status --porcelain --untracked-files=no --ignore-submodules=all) || exit; echo @@modified; [ -z "$m" ] || printf '%s\\n' "$m" | sed 's/^/:/'`}
${!bare && recursive && sh`echo @@submodules; [ ! -e ${`${dest}/.gitmodules`} ] || ${at} submodule status --recursive | grep '^[-+U]'`}
else case $e in *'dubious ownership'*) echo foreign; echo @@owner; stat -c %U ${dest};; *) if [ -d ${dest} ]; then [ -z "$(ls -A ${dest})" ] && echo absent || echo other; elif [ -e ${dest} ]; then echo other; else echo absent; fi;; esac; fi`;
}

/** What {@link probeGit} printed. */
export function parseGit(stdout: string): GitState {
  const found = sections(stdout);
  const dest = (['absent', 'repository', 'other', 'foreign'] as const).find((one) => one === found.get('dest'));
  if (dest === undefined) throw new Error(`unexpected output from the probe: '${found.get('dest')}'`);
  const state: GitState = {
    dest,
    modified: lines(found.get('modified')).map((line) => line.slice(4)),
    submodules: lines(found.get('submodules')),
  };
  for (const key of ['owner', 'head', 'url', 'branch'] as const) {
    const value = found.get(key);
    if (value) state[key] = value;
  }
  const refused = found.get('refused');
  if (refused !== undefined) return { ...state, refused };
  const refs = lines(found.get('refs')).flatMap((line) => {
    const [, commit, name] = /^([0-9a-f]{40,64})\s+(\S+)$/.exec(line) ?? [];
    return commit === undefined ? [] : [[name, commit] as const];
  });
  return { ...state, refs: Object.fromEntries(refs) };
}

const lines = (text = '') => text.split('\n').filter((line) => line.trim() !== '');

/** What `version` is for the remote. */
export interface Target {
  kind: 'branch' | 'tag' | 'commit';
  name: string;
  commit: string;
}

/** The branch, tag or commit that `version` means: in this order, as Ansible looks; undefined where the remote has none. */
export function targetOf({ version }: GitArgs, { refs = {}, branch }: GitState): Target | undefined {
  const at = (name: string) => refs[name];
  if (version === 'HEAD') {
    const own = branch === undefined ? undefined : at(`refs/heads/${branch}`);
    const commit = own ?? at('HEAD');
    return commit === undefined ? undefined : { kind: 'branch', name: own === undefined ? 'HEAD' : branch!, commit };
  }
  const head = at(`refs/heads/${version}`);
  if (head !== undefined) return { kind: 'branch', name: version, commit: head };
  const tag = at(`refs/tags/${version}^{}`) ?? at(`refs/tags/${version}`);
  if (tag !== undefined) return { kind: 'tag', name: version, commit: tag };
  if (/^[0-9a-f]{4,64}$/i.test(version)) return { kind: 'commit', name: version, commit: version.toLowerCase() };
  const other = at(version);
  return other === undefined ? undefined : { kind: 'commit', name: version, commit: other };
}

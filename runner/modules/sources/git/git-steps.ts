import { posix } from 'node:path';
import { INTO, onWay } from '../../../connection/files/way.ts';
import { argv, raw, sequence, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { Step } from '../../../model/module.ts';
import type { GitArgs } from './git-args.ts';
import type { Target } from './git-state.ts';
import { AT, addressOf, withGit } from './remote.ts';

/** Makes the working copy, at the target. */
export function cloneStep(args: GitArgs, dest: string, target: Target): Step {
  const { depth, single_branch, bare, remote, reference, separate_git_dir, repo } = args;
  const named = target.kind !== 'commit' && target.name !== 'HEAD';
  const options = [
    ...(bare ? ['--bare'] : []),
    ...(remote === 'origin' ? [] : ['--origin', remote]),
    ...(named ? ['--branch', target.name] : []),
    ...(depth === undefined || args.refspec !== undefined ? [] : ['--depth', String(depth)]),
    ...(single_branch ? ['--single-branch'] : []),
    ...(reference === undefined ? [] : ['--reference', reference]),
    ...(separate_git_dir === undefined ? [] : ['--separate-git-dir', separate_git_dir]),
  ];
  const clone = sh`(${raw(INTO)}
_make ${posix.dirname(dest)} '' '') || exit; g clone -q ${options} -- ${addressOf(repo).url} ${dest}`;
  const to = target.kind === 'commit' && !bare ? [fetchCommit(args, dest, target), reset(args, dest, target)] : [];
  return step(args, dest, [clone, ...to, ...finish(args, dest, target)]);
}

/** Brings a repository that is there to the target. */
export function updateStep(args: GitArgs, dest: string, target: Target, url: boolean): Step {
  const { remote, bare, repo } = args;
  const at = AT(dest);
  const address =
    url &&
    sh`${at} remote set-url ${remote} ${addressOf(repo).url} 2>/dev/null || ${at} remote add ${remote} ${addressOf(repo).url}`;
  const rest = bare
    ? [sh`${at} fetch -q --force --tags ${remote} '+refs/heads/*:refs/heads/*'`]
    : [fetch(args, dest, target), reset(args, dest, target)];
  return step(args, dest, [...(address ? [address] : []), ...rest, ...finish(args, dest, target)]);
}

/** Nothing is done along a link that another user made. Prints the commit that is checked out afterwards. */
function step(args: GitArgs, dest: string, scripts: readonly Script[]): Step {
  return { do: 'run', script: withGit(args, onWay([dest], sequence(...scripts, sh`${AT(dest)} rev-parse HEAD`))) };
}

function fetch(args: GitArgs, dest: string, target: Target): Script {
  if (target.kind === 'commit') return fetchCommit(args, dest, target);
  const { remote, depth } = args;
  const { name } = target;
  const depths = depth !== undefined && ['--depth', String(depth)];
  const spec =
    target.kind === 'tag'
      ? `+refs/tags/${name}:refs/tags/${name}`
      : `+refs/heads/${name}:refs/remotes/${remote}/${name}`;
  const words = argv(AT(dest), 'fetch', '-q', '--force', depths, remote, spec);
  const all = depth === undefined && sh`${AT(dest)} fetch -q --force --tags ${remote} && `;
  return sh`${all} ${name === 'HEAD' ? argv(AT(dest), 'fetch', '-q', '--force', depths, remote, 'HEAD') : words}`;
}

/** A commit that no branch leads to has to be asked for by its number, which not every server answers. */
function fetchCommit({ remote, refspec, depth }: GitArgs, dest: string, { name, commit }: Target): Script {
  const at = AT(dest);
  const there = sh`${at} rev-parse -q --verify ${`${commit}^{commit}`} >/dev/null 2>&1`;
  const depths = depth !== undefined && ['--depth', String(depth)];
  return sh`${there} || {
${refspec !== undefined && sh`${at} fetch -q --force ${depths} ${remote} ${refspec};`}
${there} || ${at} fetch -q --force ${depths} ${remote} ${/^[0-9a-f]+$/i.test(name) ? commit : name} 2>/dev/null || ${at} fetch -q --force --tags ${remote}
${there} || [ "$(${at} rev-parse --is-shallow-repository)" != true ] || ${at} fetch -q --force --unshallow --tags ${remote} '+refs/heads/*:refs/remotes/${raw(remote)}/*'
${there} || { echo ${`the remote has no commit ${name}`} >&2; exit 1; }; }`;
}

/** Checks the target out: a branch on a local one of its name, anything else detached. */
function reset({ remote }: GitArgs, dest: string, { kind, name, commit }: Target): Script {
  const at = AT(dest);
  return kind === 'branch' && name !== 'HEAD'
    ? sh`${at} checkout -q --force -B ${name} ${commit} -- && { ${at} branch -q --set-upstream-to=${`${remote}/${name}`} ${name} >/dev/null 2>&1 || :; }`
    : sh`${at} checkout -q --force --detach ${commit}`;
}

function finish(
  { bare, recursive, track_submodules, verify_commit, depth }: GitArgs,
  dest: string,
  target: Target,
): Script[] {
  const at = AT(dest);
  const verify =
    target.kind === 'tag'
      ? sh`${at} verify-tag ${target.name} 2>/dev/null || ${at} verify-commit HEAD`
      : sh`${at} verify-commit HEAD`;
  const submodules = sh`[ ! -e ${`${dest}/.gitmodules`} ] || { ${at} submodule -q sync --recursive && ${at} submodule -q update --init --recursive --force ${track_submodules && '--remote'} ${depth !== undefined && ['--depth', String(depth)]}; }`;
  return [...(verify_commit ? [verify] : []), ...(recursive && !bare ? [submodules] : [])];
}

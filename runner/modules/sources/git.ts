import type { Diff } from '../../model/events.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, StepResult } from '../../model/module.ts';
import { byProgram, lacking, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { gitArgs } from './git/git-args.ts';
import type { GitArgs } from './git/git-args.ts';
import { parseGit, probeGit, targetOf } from './git/git-state.ts';
import type { GitState, Target } from './git/git-state.ts';
import { cloneStep, updateStep } from './git/git-steps.ts';
import { addressOf, sameAddress } from './git/remote.ts';

export default defineModule<typeof gitArgs, GitState | Lacking>({
  name: 'git',
  summary: 'Manage a working copy of a git repository',
  notes: [
    'The remote is asked in a check, too, so that what is reported is what a run does. Nothing of it is fetched.',
    'Files that git does not know are left alone; changed ones are refused unless `force` is given.',
  ],
  examples: `
- git: {repo: 'https://example.net/app.git', dest: /srv/app, version: v1.4}
- git: {repo: 'git@example.net:app.git', dest: /srv/app, key_file: /home/deploy/.ssh/id_ed25519, accept_newhostkey: true}
`,
  returns: {
    before: 'The commit before; null where there was none.',
    after: 'The commit now.',
    remote_url_changed: 'Whether the address of the remote was another one.',
  },
  args: gitArgs,
  fresh: true,
  secrets: ({ repo }) => [addressOf(repo).password ?? ''].filter(Boolean),
  ...byProgram<GitArgs, GitState>(({ executable }) => ({ command: executable ?? 'git', from: 'the package git' }), {
    probe: probeGit,
    parse: parseGit,
    decide,
  }),
  result,
});

function decide(args: GitArgs, state: GitState, context: DecideContext): Decision<GitState> {
  const { dest, version } = args;
  const target = targetOf(args, state);
  const before = state.head ?? null;
  if (dest !== undefined && (state.dest === 'other' || state.dest === 'foreign')) return refuseDirectory(dest, state);
  if (dest === undefined || (state.dest === 'absent' && !args.clone))
    return target ? { kind: 'ok', result: { before, after: target.commit } } : refuseRemote(args, state, context);
  if (state.dest === 'repository' && !args.update) return { kind: 'ok', result: { before, after: before } };
  if (state.modified.length > 0 && !args.force) return refuseModified(dest, state);
  if (target === undefined) return refuseRemote(args, state, context);
  const result = { before, after: target.commit };
  if (state.dest === 'absent')
    return {
      kind: 'change',
      diff: [{ what: dest, before: null, after: `${version} of ${addressOf(args.repo).url}: ${target.commit}` }],
      steps: [cloneStep(args, dest, target)],
      result,
    };
  const moved = !sameAddress(state.url ?? '', args.repo);
  const diff = differences(args, state, target, moved);
  const all = { ...result, remote_url_changed: moved };
  const steps = [updateStep(args, dest, target, moved)];
  if (diff.length > 0) return { kind: 'change', diff, steps, result: all };
  if (args.track_submodules && args.recursive)
    return {
      kind: 'unknown',
      why: `what the branches of the submodules of ${dest} have is not known`,
      steps,
      result: all,
    };
  return { kind: 'ok', result: all };
}

function differences(args: GitArgs, state: GitState, target: Target, moved: boolean): Diff[] {
  const { dest = '', remote, repo } = args;
  const files = state.modified.map((file) => `${dest}/${file}`);
  return [
    ...(moved
      ? [
          {
            what: `${dest} remote ${remote}`,
            before: state.url ? addressOf(state.url).url : null,
            after: addressOf(repo).url,
          },
        ]
      : []),
    ...(isAt(state.head, target) ? [] : [{ what: `${dest} HEAD`, before: state.head ?? null, after: target.commit }]),
    ...files.map((what) => ({ what, before: 'changed by hand', after: 'as committed' })),
    ...state.submodules.map((line) => {
      const [, commit = '', name = ''] = /^.([0-9a-f]+) (\S+)/.exec(line) ?? [];
      const before = line.startsWith('-') ? null : commit;
      return { what: `${dest}/${name}`, before, after: 'the commit that is recorded' };
    }),
  ];
}

/** A commit may be named by its first digits. */
const isAt = (head: string | undefined, { kind, commit }: Target) =>
  head !== undefined && (kind === 'commit' ? head.startsWith(commit) : head === commit);

function refuseDirectory(dest: string, { dest: found, owner }: GitState): Decision<GitState> {
  if (found === 'foreign')
    return {
      kind: 'fail',
      message: `${dest} belongs to ${owner ?? 'another user'}, and git does not work on repositories of other users`,
      hint: `Do the task as that user: \`become_user: ${owner ?? 'OWNER'}\`.`,
    };
  return {
    kind: 'fail',
    message: `${dest} exists and is not a git repository`,
    hint: 'Remove it by a task before, or name another directory.',
  };
}

function refuseModified(dest: string, { modified }: GitState): Decision<GitState> {
  const more = modified.length > 5 ? ` and ${modified.length - 5} more` : '';
  return {
    kind: 'fail',
    message: `Local modifications exist in the destination: ${dest} (force=no): ${modified.slice(0, 5).join(', ')}${more}`,
    hint: 'Commit or revert them, or say `force: true` to throw them away.',
  };
}

function refuseRemote({ repo, version }: GitArgs, { refused }: GitState, context: DecideContext): Decision<GitState> {
  const { url } = addressOf(repo);
  if (refused === undefined)
    return lacking(context, `${url} has no branch and no tag ${version}`, 'A commit is named by its number.');
  const why = linesOf(refused).filter((line) => !/^\s*$/.test(line))[0] ?? 'git said nothing';
  return lacking(context, `${url} cannot be read: ${why}`, hintFor(refused));
}

function hintFor(refused: string): string {
  if (/Host key verification failed/.test(refused))
    return 'Put the key of the server into known_hosts, or say `accept_newhostkey: true`.';
  if (/Permission denied|could not read (Username|Password)|Authentication failed/.test(refused))
    return 'Give a key by `key_file`, or user and password in the address.';
  return 'Look at the address, and whether this host reaches it.';
}

function result({ dest }: GitArgs, steps: StepResult[], state: GitState | Lacking): Result {
  const after = linesOf(steps.at(-1)?.stdout ?? '').at(-1);
  if (after === undefined || dest === undefined || 'lacks' in state) return {};
  return { after, ...(state.submodules.length > 0 && { submodules_changed: true }) };
}

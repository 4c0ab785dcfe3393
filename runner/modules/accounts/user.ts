import { speaksOfAge } from './ageing.ts';
import { shownPassword, unlocked, wantedPassword } from './password.ts';
import { parseAccounts, probeAccounts } from './account-state.ts';
import type { Accounts } from './account-state.ts';
import { resultOf, stateAfter } from './user-after.ts';
import { differences } from './user-attributes.ts';
import { changeUser, createUser, makeHome, removeUser, setPassword } from './user-steps.ts';
import { keyChange, keyResult, parseKey, probeKey } from './ssh-key.ts';
import type { SshKeyState } from './ssh-key.ts';
import { sh } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { userArgs } from './user-args.ts';
import type { UserArgs } from './user-args.ts';

type State = Accounts & SshKeyState;

const makesHome = ({ create_home, createhome }: UserArgs) => create_home ?? createhome ?? true;

export default defineModule<typeof userArgs, State>({
  name: 'user',
  summary: 'Manage users',
  notes: [
    "The host's own files are managed, /etc/passwd and its like, by useradd or busybox's adduser. A user that only a directory service has (getent) can be put into groups of the host; whatever else differs is an error.",
    'A password is given to the host as a hash, and never shown.',
  ],
  examples: `
- user:
    name: deploy
    groups: [docker, adm]
    append: true
    shell: /bin/bash
- user: {name: app, system: true, home: /srv/app, shell: /usr/sbin/nologin}
- user: {name: mallory, state: absent, remove: true}
`,
  returns: {
    name: 'The user.',
    state: '`present` or `absent`.',
    uid: 'The number.',
    group: "The main group's number.",
    groups: 'Other groups, as one text.',
    comment: 'The comment.',
    home: 'The home directory.',
    shell: 'The shell.',
    append: 'Whether groups were added only.',
    move_home: 'Whether the home was to be moved.',
    ssh_key_file: 'The key, with `generate_ssh_key`.',
    ssh_public_key: 'Its public part.',
    ssh_fingerprint: 'Its fingerprint.',
  },
  args: userArgs,
  secrets: ({ password }, state) =>
    [password, state?.user?.password].flatMap((field) =>
      field === undefined ? [] : [field, unlocked(field)].filter((one) => one.length > 3),
    ),
  resource: (args) => `user:${nameIn(args)}`,
  probe: (
    args,
  ) => sh`${probeAccounts({ user: nameIn(args), home: args.home, uid: args.non_unique ? undefined : args.uid, groups: [args.group, ...(args.groups ?? [])].filter((one) => one !== undefined), local: args.local, leaves: args.state === 'absent' && !args.force })}
${args.state === 'present' && args.generate_ssh_key && probeKey(nameIn(args), args)}`,
  parse: (probe) => ({ ...parseAccounts(probe), ...parseKey(probe) }),
  decide(args, state, context) {
    if (args.state === 'absent') return remove(args, state, context);
    const accounts = withPlanned(args, state, context);
    return refuse(args, accounts, context) ?? present(args, accounts);
  },
  prove: true,
});

function nameIn({ name, user }: Pick<UserArgs, 'name' | 'user'>): string {
  return (name ?? user) as string;
}

function remove(args: UserArgs, state: State, context: DecideContext): Decision<State> {
  const name = nameIn(args);
  const result = { name, state: 'absent' };
  if (!state.user) return { kind: 'ok', result };
  if (state.user.foreign) return foreignUser(name, 'removed');
  if (state.tools === 'none') return noTools();
  if (context.check && state.processes)
    return {
      kind: 'fail',
      message: `user ${name} is in use by process ${state.processes.slice(0, 5).join(', ')}`,
      hint: 'Stop it before, or say `force: true`.',
    };
  const diff = [
    { what: `user ${name}`, before: 'present', after: null },
    ...(args.remove && state.home ? [{ what: state.user.home, before: 'directory', after: null }] : []),
  ];
  const { user: _, home: _home, ...after } = state;
  return { kind: 'change', diff, steps: runs([removeUser(name, args, state)]), after, result };
}

/** In check mode: with the groups that earlier tasks would have made. */
function withPlanned(args: UserArgs, state: State, context: DecideContext): State {
  const groups = { ...state.groups };
  for (const group of [args.group, ...(args.groups ?? []), nameIn(args)]) {
    const planned =
      group === undefined ? undefined : (context.planned(`group:${group}`) as Accounts | undefined)?.groups[group];
    if (group !== undefined && planned) groups[group] ??= planned;
  }
  return { ...state, groups };
}

function refuse(args: UserArgs, state: State, context: DecideContext): Decision<State> | undefined {
  const numbers = new Set(Object.values(state.groups).map(({ gid }) => String(gid)));
  const missing = [args.group, ...(args.groups ?? [])].find(
    (group) => group !== undefined && !state.groups[group] && !numbers.has(group),
  );
  if (missing !== undefined) {
    const why = `there is no group ${missing}`;
    // A package that a check does not install may bring it.
    if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
    return { kind: 'fail', message: why, hint: `Create it by a task before: \`group: {name: ${missing}}\`.` };
  }
  if (state.tools === 'none') return noTools();
  if (state.tools === 'busybox' && args.non_unique && !state.user)
    return {
      kind: 'fail',
      message: 'this host cannot make a user with the number of another',
      hint: 'The package shadow brings useradd, which can.',
    };
  if (state.taken !== undefined && state.user?.uid !== args.uid)
    return {
      kind: 'fail',
      message: `uid ${args.uid} is the user ${state.taken} already`,
      hint: 'Take another one, or say `non_unique: true`.',
    };
  if (args.move_home && args.home !== undefined && state.home && state.user && state.user.home !== args.home)
    return {
      kind: 'fail',
      message: `the home of ${nameIn(args)} cannot be moved: ${args.home} exists already`,
      hint: 'Remove it, or leave move_home out.',
    };
  const secret = args.password ?? args.password_lock ?? args.expires ?? (speaksOfAge(args) ? true : undefined);
  if (state.user && !state.user.foreign && secret !== undefined && state.user.password === undefined)
    return { kind: 'fail', message: '/etc/shadow may not be read by this user', hint: 'Use `become: true`.' };
  if (args.password_lock === false && wantedPassword(args, state.user) === '') {
    return {
      kind: 'fail',
      message: `${nameIn(args)} has no password: if it were unlocked, anyone could log in`,
      hint: 'Give a password, too.',
    };
  }
  return undefined;
}

function present(args: UserArgs, state: State): Decision<State> {
  const name = nameIn(args);
  const expires = args.expires === undefined ? undefined : Math.floor(args.expires / 86_400);
  const wanted = { ...args, name, expires, create_home: makesHome(args) };
  const differing = differences(wanted, state);
  if (state.user?.foreign) {
    const wrong = differing.find(({ behind }) => behind === undefined);
    if (wrong)
      return foreignUser(
        name,
        `changed: ${wrong.what} is ${wrong.before ?? 'absent'}, expected ${wrong.after ?? 'absent'}`,
      );
  }
  const password = state.user?.foreign ? undefined : wantedPassword(args, state.user);
  const diff = differing.map(({ what, before, after }) => ({ what, before, after }));
  const scripts = state.user ? changeUser(name, differing, state) : createUser(wanted, differing, state);
  if (!state.user) diff.unshift({ what: `user ${name}`, before: null, after: 'present' });
  if (password !== undefined) {
    const before = state.user?.password;
    diff.push({
      what: `user ${name} password`,
      before: before === undefined ? null : shownPassword(before),
      after: different(shownPassword(password), before),
    });
    scripts.push(setPassword(name, password));
  }
  const after = stateAfter(wanted, state, password);
  const home = after.user?.home ?? '';
  // Moving the home brings it.
  const moved = args.move_home && state.user !== undefined && home !== state.user.home;
  if (state.user && !state.user.foreign && wanted.create_home && !state.home && !moved && !NO_HOME.includes(home)) {
    diff.push({ what: home, before: null, after: 'directory' });
    scripts.push(makeHome(name, home, args));
  }
  const key = args.generate_ssh_key ? keyChange(name, home, args, state) : undefined;
  if (key) {
    diff.push(key.diff);
    scripts.push(key.script);
  }
  const result = {
    ...resultOf(name, after),
    append: args.append,
    move_home: args.move_home,
    ...(args.groups && { groups: args.groups.join(',') }),
    ...keyResult(args, state, home),
  };
  return scripts.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps: runs(scripts), after, result };
}

/** Homes of users who have none. */
const NO_HOME = ['', '/', '/nonexistent', '/dev/null'];

function foreignUser(name: string, what: string): Decision<State> {
  return {
    kind: 'fail',
    message: `user ${name} is not in /etc/passwd but in a directory service, and cannot be ${what}`,
    hint: 'Change it there; `local: true` makes a user of this host beside it.',
  };
}

function different(shown: string, before: string | undefined): string {
  return before !== undefined && shownPassword(before) === shown ? `another: ${shown}` : shown;
}

function noTools(): Decision<State> {
  return {
    kind: 'fail',
    message: 'this host has neither useradd nor adduser',
    hint: 'The package passwd (Debian), shadow-utils or shadow brings useradd.',
  };
}

import * as z from 'zod';
import { flag, path, text, userName, whole, words } from './arguments/scalars.ts';
import { shownPassword, wantedPassword } from './accounts/password.ts';
import { parseAccounts, probeAccounts } from './accounts/state.ts';
import type { Accounts } from './accounts/state.ts';
import { resultOf, stateAfter } from './accounts/user-after.ts';
import { differences } from './accounts/user-attributes.ts';
import { changeUser, createUser, makeHome, removeUser, setPassword } from './accounts/user-steps.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision } from './module.ts';
import { runs } from './net/attribute.ts';

const field = text.refine((value) => !/[:\n]/.test(value), 'neither a colon nor a line break can stand in /etc/passwd');

const args = z
  .strictObject({
    name: userName.optional().describe('Name of the user; `user` is another word for it.'),
    user: userName.optional().describe('The same as `name`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a user.'),
    uid: whole.optional().describe('Number of the user.'),
    non_unique: flag.default(false).describe('Let `uid` be one that another user has.'),
    group: text.optional().describe('Name or number of the primary group. Where not given, a new user gets a group of the same name.'),
    groups: words.optional().describe('The other groups to be in; an empty list: none.'),
    append: flag.default(false).describe('Stay in groups that `groups` does not name.'),
    comment: field.optional().describe('Who or what this is, the GECOS field.'),
    home: path.refine((value) => !/[:\n]/.test(value), 'neither a colon nor a line break can stand in /etc/passwd').optional().describe('Home directory.'),
    create_home: flag.default(true).describe('Make the home directory where it is missing.'),
    move_home: flag.default(false).describe('Where `home` is another than before, move what is there.'),
    skeleton: path.optional().describe('Directory whose files a new home begins with; /etc/skel where not given.'),
    shell: field.optional().describe('Login shell.'),
    system: flag.default(false).describe('A new user gets a number of the range for services.'),
    password: field.optional().describe('Hash of the password, as crypt(3) makes it; `!` or `*` for none.'),
    update_password: z.enum(['always', 'on_create']).default('always').describe('`on_create`: the password of a user who is there is left alone.'),
    password_lock: flag.optional().describe('Whether the password is locked; logging in by key goes on.'),
    expires: z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)], 'expected seconds since 1970').transform(Number).optional().describe('When the account ends, in seconds since 1970; below 0: never.'),
    remove: flag.default(false).describe('With `state: absent`: remove the home directory and mail too.'),
    force: flag.default(false).describe('With `state: absent`: remove a user who is logged in too.'),
  })
  .refine(({ name, user }) => (name === undefined) !== (user === undefined), 'give the name of the user')
  .refine(({ append, groups }) => !append || groups !== undefined, 'append needs groups')
  .refine(({ non_unique, uid }) => !non_unique || uid !== undefined, 'non_unique needs uid');

type Args = z.output<typeof args>;

export default defineModule<typeof args, Accounts>({
  name: 'user',
  summary: 'Manage users',
  notes: ["The host's own files are managed, /etc/passwd and its like, by useradd or busybox's adduser; a directory service is not asked.", 'A password is given to the host as a hash, and never shown.'],
  examples: `
- user:
    name: deploy
    groups: [docker, adm]
    append: true
    shell: /bin/bash
- user: {name: app, system: true, home: /srv/app, shell: /usr/sbin/nologin}
- user: {name: mallory, state: absent, remove: true}
`,
  args,
  resource: (args) => `user:${nameIn(args)}`,
  probe: (args) => probeAccounts(nameIn(args), args.home),
  parse: parseAccounts,
  decide(args, state, context) {
    if (args.state === 'absent') return remove(args, state);
    const accounts = withPlanned(args, state, context);
    return refuse(args, accounts, context) ?? present(args, accounts);
  },
  prove: true,
});

function nameIn({ name, user }: Pick<Args, 'name' | 'user'>): string {
  return (name ?? user) as string;
}

function remove(args: Args, state: Accounts): Decision<Accounts> {
  const name = nameIn(args);
  const result = { name, state: 'absent' };
  if (!state.user) return { kind: 'ok', result };
  if (state.tools === 'none') return noTools();
  const diff = [{ what: `user ${name}`, before: 'present', after: null }, ...(args.remove ? [{ what: state.user.home, before: 'directory', after: null }] : [])];
  const { user: _, home: _home, ...after } = state;
  return { kind: 'change', diff, steps: runs([removeUser(name, args, state)]), after, result };
}

/** In check mode: with the groups that earlier tasks would have made. */
function withPlanned(args: Args, state: Accounts, context: DecideContext): Accounts {
  const groups = { ...state.groups };
  for (const group of [args.group, ...(args.groups ?? []), nameIn(args)]) {
    const planned = group === undefined ? undefined : (context.planned(`group:${group}`) as Accounts | undefined)?.groups[group];
    if (group !== undefined && planned) groups[group] ??= planned;
  }
  return { ...state, groups };
}

function refuse(args: Args, state: Accounts, context: DecideContext): Decision<Accounts> | undefined {
  const numbers = new Set(Object.values(state.groups).map(({ gid }) => String(gid)));
  const missing = [args.group, ...(args.groups ?? [])].find((group) => group !== undefined && !state.groups[group] && !numbers.has(group));
  if (missing !== undefined) {
    const why = `there is no group ${missing}`;
    // A package that a check does not install may bring it.
    if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
    return { kind: 'fail', message: why, hint: `Make it by a task before: group: {name: ${missing}}` };
  }
  if (state.tools === 'none') return noTools();
  if (state.tools === 'busybox' && args.non_unique && !state.user) return { kind: 'fail', message: 'this host cannot make a user with the number of another', hint: 'The package shadow brings useradd, which can.' };
  const secret = args.password ?? args.password_lock ?? args.expires;
  if (state.user && secret !== undefined && state.user.password === undefined) return { kind: 'fail', message: '/etc/shadow may not be read by this user', hint: 'Use `become: true`.' };
  if (args.password_lock === false && wantedPassword(args, state.user) === '') {
    return { kind: 'fail', message: `${nameIn(args)} has no password: unlocked, anybody could log in`, hint: 'Give a password, too.' };
  }
  return undefined;
}

function present(args: Args, state: Accounts): Decision<Accounts> {
  const name = nameIn(args);
  const expires = args.expires === undefined ? undefined : Math.floor(args.expires / 86_400);
  const wanted = { ...args, name, expires };
  const differing = differences(wanted, state);
  const password = wantedPassword(args, state.user);
  const diff = differing.map(({ what, before, after }) => ({ what, before, after }));
  const scripts = state.user ? changeUser(name, differing, state) : createUser({ ...args, name }, differing, state);
  if (!state.user) diff.unshift({ what: `user ${name}`, before: null, after: 'present' });
  if (password !== undefined) {
    const before = state.user?.password;
    diff.push({ what: `user ${name} password`, before: before === undefined ? null : shownPassword(before), after: different(shownPassword(password), before) });
    scripts.push(setPassword(name, password));
  }
  const after = stateAfter(wanted, state, password);
  const home = after.user?.home ?? '';
  // Moving the home brings it.
  const moved = args.move_home && state.user !== undefined && home !== state.user.home;
  if (state.user && args.create_home && !state.home && !moved && home !== '') {
    diff.push({ what: home, before: null, after: 'directory' });
    scripts.push(makeHome(name, home, args.skeleton));
  }
  const result = resultOf(name, after);
  return scripts.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps: runs(scripts), after, result };
}

function different(shown: string, before: string | undefined): string {
  return before !== undefined && shownPassword(before) === shown ? `another: ${shown}` : shown;
}

function noTools(): Decision<Accounts> {
  return { kind: 'fail', message: 'this host has neither useradd nor adduser', hint: 'The package passwd (Debian), shadow-utils or shadow brings useradd.' };
}

import type { Result } from '../../model/module.ts';
import type { Accounts, User } from './account-state.ts';
import { gidOf, nameOf } from './user-attributes.ts';
import type { UserWanted } from './user-attributes.ts';

/** A number that the host will choose. */
const NOT_KNOWN = -1;

/** What the files will say when the user is as wanted; `password` is its new field, where it gets one. */
export function stateAfter(
  wanted: UserWanted & { create_home: boolean },
  state: Accounts,
  password: string | undefined,
): Accounts {
  const user = userAfter(wanted, state);
  if (password !== undefined) user.password = password;
  return { tools: state.tools, user, groups: groupsAfter(wanted, state), home: state.home ?? wanted.create_home };
}

function userAfter({ name, uid, group, comment, home, shell, expires }: UserWanted, state: Accounts): User {
  const fresh = {
    uid: NOT_KNOWN,
    gid: state.groups[name]?.gid ?? NOT_KNOWN,
    comment: '',
    home: `${state.defaults?.home ?? '/home'}/${name}`,
    shell: state.defaults?.shell ?? '',
    password: '!',
  };
  const { expires: before, ...old } = state.user ?? { ...fresh, expires: undefined };
  const end = expires ?? before;
  return {
    ...old,
    uid: uid ?? old.uid,
    gid: group === undefined ? old.gid : (gidOf(group, state) ?? NOT_KNOWN),
    comment: comment ?? old.comment,
    home: home ?? old.home,
    shell: shell ?? old.shell,
    ...(end !== undefined && end >= 0 && { expires: end }),
  };
}

function groupsAfter({ name, groups, append }: UserWanted, state: Accounts): Accounts['groups'] {
  const wanted = (groups ?? []).map((one) => nameOf(gidOf(one, state), state) ?? one);
  return Object.fromEntries(
    Object.entries(state.groups).map(([group, { gid, members }]) => {
      const stays = members.includes(name) && (groups === undefined || append);
      const others = members.filter((one) => one !== name);
      return [group, { gid, members: stays || wanted.includes(group) ? [...others, name] : others }];
    }),
  );
}

/** What a task registers; a new user's numbers are known from the probe afterwards. */
export function resultOf(name: string, { user }: Accounts): Result {
  const { uid, gid, comment, home, shell } = user as User;
  return {
    name,
    state: 'present',
    ...(uid >= 0 && { uid }),
    ...(gid >= 0 && { group: gid }),
    comment,
    home,
    ...(shell && { shell }),
  };
}

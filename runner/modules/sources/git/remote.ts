import { quote, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { GitArgs } from './git-args.ts';

/** An address, and the user and password that were in it. */
export interface Address {
  url: string;
  user?: string;
  password?: string;
}

/** Takes the password out of an address of http: git would show it in the process list, and keep it in the working copy. */
export function addressOf(repo: string): Address {
  const [, scheme, user, password, rest] = /^(https?:\/\/)([^/@:]*):([^/@]*)@(.*)$/s.exec(repo) ?? [];
  if (rest === undefined) return { url: repo.startsWith('/') ? `file://${repo}` : repo };
  return { url: `${scheme}${rest}`, user: decoded(user ?? ''), password: decoded(password ?? '') };
}

/** The same place, however a person wrote it into the working copy: with a password, as a path, with a slash at its end. */
export const sameAddress = (one: string, other: string) => plain(one) === plain(other);

const plain = (repo: string) =>
  addressOf(repo)
    .url.replace(/\/+$/, '')
    .replace(/^(https?:\/\/)[^/@]*@/, '$1');

/** Git asks this for the password: a function of its shell, with what came by stdin. */
const HELPER = '!f() { printf "username=%s\\npassword=%s\\n" "$XRUN_GIT_USER" "$XRUN_GIT_PASSWORD"; }; f';

/**
 * A script in which `g` is git that asks nobody anything, and reaches its remote as the task says. `reads`: it only looks,
 * and so notes no host key.
 */
export function withGit(args: GitArgs, script: Script, reads = false): Script {
  const { user, password } = addressOf(args.repo);
  const git = args.executable ?? 'git';
  const text = sh`export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND=${ssh(args, reads)}
${args.umask !== undefined && sh`umask ${args.umask}`}
${
  password === undefined
    ? sh`g() { ${git} "$@" </dev/null; }`
    : sh`IFS= read -r XRUN_GIT_USER; IFS= read -r XRUN_GIT_PASSWORD; export XRUN_GIT_USER XRUN_GIT_PASSWORD
g() { ${git} -c credential.helper= -c credential.helper=${HELPER} "$@" </dev/null; }`
}
${script}`;
  return password === undefined ? text : withStdin(text, `${user}\n${password}\n`);
}

/** What git passes to a shell. */
function ssh({ key_file, ssh_opts, accept_hostkey, accept_newhostkey }: GitArgs, reads: boolean): string {
  const accepts = accept_hostkey ? 'no' : accept_newhostkey ? 'accept-new' : undefined;
  const options = [
    'ssh -o BatchMode=yes',
    key_file !== undefined && `-i ${quote(key_file)} -o IdentitiesOnly=yes`,
    accepts && `-o StrictHostKeyChecking=${accepts}`,
    accepts && reads && '-o UserKnownHostsFile="/dev/null ~/.ssh/known_hosts ~/.ssh/known_hosts2"',
    ssh_opts,
  ];
  return options.filter(Boolean).join(' ');
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** Shell text for git's own questions of a working copy. */
export const AT = (dest: string) => sh`g -C ${dest}`;

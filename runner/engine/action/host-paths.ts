import { posix } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { homeDefault, pathArguments } from '../../model/arguments/path-kind.ts';
import type { PathKind } from '../../model/arguments/path-kind.ts';
import { flag } from '../../model/arguments/scalars.ts';
import type { AnyModule } from '../../model/module.ts';
import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { plannedState, shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { outcomeError, stepResult } from '../task/result.ts';

/** `~`, or `~` and the name of a user, at the beginning of a path. */
const HOME = /^~([A-Za-z0-9_][A-Za-z0-9_.-]*\$?)?(?=\/|$)/;

/**
 * The arguments with their paths on the host absolute, as Ansible takes them: `~` is the home of the user that the task
 * runs as, `~user` that user's, and what is relative is below the current directory of the shell, the home of
 * the login. Asks the host only for what no task needed before, and for absolute paths never.
 * Errors: E_ARGUMENT for a user that the host does not have.
 */
export async function withHostPaths(
  context: TaskContext,
  module: AnyModule,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const resolved = { ...args };
  for (const [name, kind] of kindsOf(module, args)) {
    const value = args[name] ?? homeDefault(module.args, name);
    if (typeof value === 'string') resolved[name] = await absolute(context, value, kind, name);
    else if (Array.isArray(value))
      resolved[name] = await Promise.all(
        value.map((one: unknown) => (typeof one === 'string' ? absolute(context, one, kind, name) : one)),
      );
  }
  return resolved;
}

/** What otherwise names a file of the controller is a path on the host where the module's `localUnless` is true. */
function kindsOf(
  { args: schema, local = {}, localUnless }: AnyModule,
  args: Record<string, unknown>,
): (readonly [string, PathKind])[] {
  const kinds = [...pathArguments(schema)];
  const remote = localUnless !== undefined && flag.safeParse(args[localUnless]).data === true;
  return remote ? [...kinds, ...Object.keys(local).map((name) => [name, 'path'] as const)] : kinds;
}

async function absolute(context: TaskContext, value: string, kind: PathKind, argument: string): Promise<string> {
  if (value === '' || value.startsWith('/') || /^[a-z]+:\/\//i.test(value)) return value;
  const home = HOME.exec(value);
  if (home) return posix.join(await baseOf(context, home[0], argument), `./${value.slice(home[0].length)}`);
  return kind === 'home' ? value : posix.join(await baseOf(context, '.', argument), value);
}

/** The directory that `.`, `~` or `~user` means to the user that the task runs as. */
async function baseOf(context: TaskContext, base: string, argument: string): Promise<string> {
  const { target, login, become, local, run, task } = context;
  const { home } =
    (plannedState(context, `user:${base.slice(1)}`) as { user?: { home?: string } } | undefined)?.user ?? {};
  if (base.length > 1 && home) return home;
  // A task may make the user, or give him another home.
  const key = [base, base.length > 1 && run.epoch.now, local, login?.key, become?.method, become?.user].join(' ');
  const directory = target.bases.get(key) ?? (await ask(context, base));
  if (directory.startsWith('/')) {
    target.bases.set(key, directory);
    return directory;
  }
  const why = `the home directory of ${base === '~' ? 'the user' : base.slice(1)} on this host`;
  if (context.check) throw new NotKnown(why);
  throw new XrunError(
    'E_ARGUMENT',
    `argument '${argument}' of module '${task.module}': ${why} is not known, so '${base}' cannot be resolved`,
    {
      at: positionOf(task.args, argument, 'value') ?? task.moduleAt,
      hint: 'Make the user by a task before, or give an absolute path.',
    },
  );
}

async function ask(context: TaskContext, base: string): Promise<string> {
  const shell = await shellOf(context);
  const { become, timeoutMs, run } = context;
  const [outcome] = await shell.batch([question(base)], {
    ...(become && { become }),
    ...(timeoutMs && { timeoutMs }),
    ...(run.options.signal && { signal: run.options.signal }),
  });
  const error = outcomeError(outcome!);
  if (error) throw error;
  return stepResult(outcome!).stdout.replace(/\n$/, '');
}

/** Prints the directory; a shell leaves `~user` as it is if the user does not exist. */
function question(base: string): Script {
  if (base === '.') return raw('pwd');
  return base === '~' ? raw('if [ "$HOME" ];then echo ~;else eval "echo ~$(id -un)";fi') : sh`eval echo ${base}`;
}

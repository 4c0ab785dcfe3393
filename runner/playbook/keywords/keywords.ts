import * as z from 'zod';
import { loopForms } from '../../language/templates/loop-forms.ts';
import {
  action,
  becomeMethod,
  conditions,
  connection,
  environment,
  fileNames,
  filled,
  flag,
  guardSeconds,
  hosts,
  list,
  mapping,
  number,
  oneOf,
  orders,
  percentage,
  port,
  seconds,
  shares,
  strategies,
  text,
  texts,
  variable,
  variableOrTemplate,
  vars,
  whole,
} from './kinds.ts';

/** Keywords by name; the descriptions are what `xrun schema playbook` shows in editors. */
export type Keywords = Readonly<Record<string, z.ZodType>>;

/** On plays, blocks, tasks, includes and roles. */
export const settingKeywords = {
  become: flag.describe('Run as another user (root unless become_user says otherwise).'),
  become_user: filled.describe('The user to become.'),
  become_method: becomeMethod.describe('sudo, su or doas.'),
  environment: environment.describe('Environment variables of the commands on the host.'),
  check_mode: flag.describe('true: never change anything, even in a normal run. false: run even in check mode.'),
  diff: flag.describe('Whether to show what changes.'),
  no_log: flag.describe('Keep arguments and results out of every output.'),
  ignore_errors: flag.describe('Go on with the host after a failure.'),
  ignore_unreachable: flag.describe('Go on with the host after it could not be reached.'),
  any_errors_fatal: flag.describe('A failure on one host ends the play for all.'),
  throttle: whole.describe('At most this many hosts at a time.'),
  timeout: seconds.describe('Seconds after which a task has failed.'),
  run_once: flag.describe('Run on the first host of the play only; its result counts for all.'),
  connection: connection.describe('ssh or local.'),
  remote_user: filled.describe('The user to log in as.'),
  port: port.describe('The port of sshd.'),
  vars: vars.describe('Variables.'),
  tags: texts.describe('Names to choose tasks by; `always` and `never` have their own meaning.'),
  module_defaults: mapping.describe('Arguments that every task of a module gets, by module.'),
} satisfies Keywords;

/** On blocks, tasks, includes and roles, but not on plays. */
const nodeKeywords = {
  ...settingKeywords,
  name: text.describe('What it does, for the people who watch.'),
  when: conditions.describe('Conditions in CEL; all must hold.'),
  delegate_to: filled.describe('The host to run on instead.'),
  delegate_facts: flag.describe('Facts that are gathered belong to the host delegated to.'),
  notify: texts.describe('Handlers to run, once and later, if this changes something.'),
} satisfies Keywords;

const loopKeywords = {
  loop: z.unknown().describe('Run once for each item of a list, or for each pair (item.key, item.value) of a mapping.'),
  ...Object.fromEntries(
    Object.entries(loopForms).map(([name, { summary }]) => [`with_${name}`, z.unknown().describe(summary)]),
  ),
  loop_control: mapping.describe('Names and look of the loop.'),
} satisfies Keywords;

export const loopControlKeywords = {
  loop_var: variableOrTemplate.describe('The name of the item; `item` by default.'),
  index_var: variableOrTemplate.describe('The name of a variable that counts from 0.'),
  label: z.unknown().describe('What is shown for an item.'),
  pause: seconds.describe('Seconds between two items.'),
  extended: flag.describe('Taken for compatibility: ansible_loop is always there.'),
  extended_allitems: flag.describe('false: ansible_loop without allitems.'),
} satisfies Keywords;

export const taskKeywords = {
  ...nodeKeywords,
  ...loopKeywords,
  args: mapping.describe('More arguments of the module.'),
  action: action.describe('The module, the other way round.'),
  local_action: action.describe('As action, on the controller.'),
  register: variable.describe('The variable that gets the result.'),
  changed_when: conditions.describe('When the task counts as changed.'),
  failed_when: conditions.describe('When the task counts as failed.'),
  until: conditions.describe('Repeat until this holds.'),
  retries: whole.describe('How often to repeat at most.'),
  delay: seconds.describe('Seconds between two attempts.'),
  backoff: number.describe('Each delay is this many times the one before.'),
  async: seconds.describe('Let it run on its own on the host, for at most so many seconds.'),
  poll: seconds.describe('Seconds between looks at an async task; 0: do not wait for it.'),
} satisfies Keywords;

export const handlerKeywords = {
  ...taskKeywords,
  listen: texts.describe('More names that notify this handler.'),
} satisfies Keywords;

export const blockKeywords = {
  ...nodeKeywords,
  ...loopKeywords,
  block: list.describe('The tasks.'),
  rescue: list.describe('Tasks to run on a host where one of the block failed.'),
  always: list.describe('Tasks to run in any case.'),
  guarded: mapping.describe('The host takes the change back by itself unless it can be reached and confirm holds.'),
} satisfies Keywords;

export const guardedKeywords = {
  timeout: guardSeconds.describe('Seconds until the host takes the change back.'),
  address: filled.describe('Where to log in after the change, if not at the old address.'),
  confirm: list.describe('Tasks that must succeed after the change.'),
} satisfies Keywords;

/** On import_tasks and import_role, whose tasks get them, and below `apply:`. */
export const importKeywords = {
  ...nodeKeywords,
  ...loopKeywords,
  args: mapping.describe('More arguments of the include.'),
  listen: texts.describe('For handlers: more names that notify it.'),
} satisfies Keywords;

const { name, when, vars: variables, tags, run_once, no_log, ignore_errors } = nodeKeywords;

/** On include_tasks and include_role, which do nothing themselves: what is for the tasks in them goes below `apply:`. */
export const includeKeywords = {
  ...{ name, when, vars: variables, tags, run_once, no_log, ignore_errors },
  register: variable.describe('The variable that gets whether, and what, was included.'),
  ...loopKeywords,
  args: mapping.describe('More arguments of the include.'),
  listen: texts.describe('For handlers: more names that notify it.'),
} satisfies Keywords;

const file = filled.describe('The file, relative to this one.');
const roleArguments = {
  name: filled.describe('The role.'),
  tasks_from: filled.describe('A file of tasks/ instead of main.'),
  vars_from: filled.describe('A file of vars/ instead of main.'),
  defaults_from: filled.describe('A file of defaults/ instead of main.'),
  handlers_from: filled.describe('A file of handlers/ instead of main.'),
  public: flag.describe(
    'Whether the rest of the play sees the defaults and variables of an included role; those of an imported one it always does.',
  ),
  allow_duplicates: flag.describe('false: not on hosts on which the same include of the role has run.'),
  rolespec_validate: flag.describe('false: variables are not checked by the argument_specs of the role.'),
};
const apply = mapping.describe('Keywords for each of the included tasks.');

/** The arguments of the four ways to include tasks. */
export const includeArguments = {
  include_tasks: { file, apply },
  import_tasks: { file },
  include_role: { ...roleArguments, apply },
  import_role: roleArguments,
} satisfies Record<string, Keywords>;

const { port: _port, connection: _connection, remote_user: _user, ...entryKeywords } = nodeKeywords;

/** On an entry of `roles:`; any other key is a variable of the role, as `port` is for Ansible too. */
export const roleKeywords = {
  ...entryKeywords,
  role: filled.describe('The name of the role.'),
} satisfies Keywords;

export const playKeywords = {
  ...settingKeywords,
  name: text.describe('What the play does.'),
  hosts: hosts.describe('A pattern: hosts, groups, globs, `a:&b`, `a:!b`.'),
  allow_empty: flag.describe('No error where the pattern matches no host.'),
  gather_facts: flag.describe(
    'true: before the first task. false: never. By default when something first reads a fact.',
  ),
  order: oneOf(orders).describe('The order of hosts.'),
  strategy: oneOf(strategies).describe('Whether hosts wait for each other after every task.'),
  serial: shares.describe('How many hosts at a time go through the whole play.'),
  max_fail_percentage: percentage.describe('More failed hosts than this share end the play.'),
  force_handlers: flag.describe('Run notified handlers on failed hosts too.'),
  vars_files: fileNames.describe('Files of variables; of a list in the list the first that is there.'),
  vars_prompt: z.array(mapping, 'expected a list of mappings').describe('Variables to ask for before the play.'),
  pre_tasks: list.describe('Tasks before the roles.'),
  roles: list.describe('Roles to run before the tasks.'),
  tasks: list.describe('The tasks.'),
  post_tasks: list.describe('Tasks after all others.'),
  handlers: list.describe('Tasks that run when they are notified.'),
} satisfies Keywords;

export const promptKeywords = {
  name: variable.describe('The variable.'),
  prompt: text.describe('The question.'),
  default: z.unknown().describe('The answer where none is given.'),
  private: flag.describe('Do not show what is typed; true unless given.'),
  confirm: flag.describe('Ask twice.'),
} satisfies Keywords;

export const importPlaybookKeywords = {
  import_playbook: filled.describe('The file, relative to this one.'),
  name: text.describe('What it is for.'),
  vars: vars.describe('Variables of every play in it.'),
  tags: texts.describe('Tags of every task in it.'),
  when: conditions.describe('Conditions of every task in it.'),
} satisfies Keywords;

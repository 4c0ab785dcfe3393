import type { XrunError } from '../../diagnostics/errors.ts';
import { Loading } from '../parse/loading.ts';
import type { LoadOptions } from '../parse/loading.ts';
import { Problems, inOrder } from '../../diagnostics/problems.ts';
import type { Playbook, Task, VarsLayer } from '../../model/playbook.ts';
import { checkBecome } from './become.ts';
import { contentsOf } from './reading/contents.ts';
import { tasksOf } from './reading/play-contents.ts';
import type { Contents } from './reading/play-contents.ts';
import { checkFiles } from './files.ts';
import type { FindLocal } from './files.ts';
import { checkGiven } from './given.ts';
import { checkIncludedVars } from './included-vars.ts';
import { checkNotify } from './notify.ts';
import type { ExternalContext } from './outside.ts';
import { PartialFiles } from './reading/partial-files.ts';
import { checkPartials } from './partials.ts';
import { checkRegisters } from './registers.ts';
import { checkShards } from './shards.ts';
import { checkTags } from './tags.ts';
import { checkVariables } from './variables.ts';
import { Words } from './reading/words.ts';

/** What the checks know besides the playbooks. */
export interface ValidateOptions extends LoadOptions {
  /** Tags of the command line, both the wanted and the skipped. */
  tags?: readonly string[];
  /**
   * What examining the playbooks found: where files could not be read, what they might hold is not said to be
   * missing. The result has them too, in the order of lines.
   */
  found?: readonly XrunError[];
  /** Inventory and command line; without them nothing is said of variables. */
  outside?: ExternalContext;
  /** Finds the files of the controller that tasks name; without it they are not looked for. */
  findLocal?: FindLocal;
}

/** Errors after which something of the playbooks is not known. */
const unread = new Set(['E_YAML', 'E_LIMIT', 'E_DUPLICATE_KEY', 'E_FILE', 'E_ROLE', 'E_IMPORT', 'E_CYCLE']);

/** What was found. */
export interface Validation {
  errors: XrunError[];
  warnings: XrunError[];
  /** A task may add hosts or groups, or some tasks are not known before the run. */
  makesHosts: boolean;
}

/**
 * Checks loaded playbooks as a whole: what one part says of another. Includes whose names are known are read too.
 *
 * Errors: E_NOTIFY, E_TAGS, E_LOCAL_FILE, E_UNDEFINED, E_CYCLE, E_VAULT, E_TEMPLATE (in template files, and partials that there are not), and those of
 * loading includes and files of variables. Warnings: W_REGISTER, W_NOTIFY, W_UNDEFINED, W_CYCLE, W_VAULT, W_BECOME,
 * W_LOCAL_FILE, W_EXTRA_VARS.
 */
export async function validatePlaybooks(playbooks: readonly Playbook[], options: ValidateOptions): Promise<Validation> {
  const problems = new Problems();
  const contents = await contentsOf(playbooks, options, problems);
  if (options.found?.some(({ code }) => unread.has(code))) for (const play of contents) play.complete = false;
  for (const play of contents) checkNotify(play, problems);
  checkTags(contents, options.tags ?? [], problems);
  const templates = options.findLocal ? await checkFiles(contents, options, options.findLocal, problems) : [];
  const included = options.findLocal
    ? await checkIncludedVars(contents, options, options.findLocal, problems)
    : new Map<Task, VarsLayer>();
  const partials = new PartialFiles(new Loading(options));
  if (options.findLocal) checkPartials(contents, templates, partials, problems);
  const words = new Words({ contents, templates, included, partials: partials.texts() });
  if (options.outside) for (const text of options.outside.texts()) words.add(text);
  checkRegisters(contents, words, problems);
  const hostsMade = contents.some(makesHosts);
  const { outside } = options;
  if (outside) checkGiven(contents, templates, words, outside, problems);
  if (outside?.shards) checkShards(contents, outside.shards, problems);
  if (outside) checkBecome(contents, outside, problems);
  if (outside) checkVariables({ contents, templates, included, partials, outside, hostsKnown: !hostsMade }, problems);
  return {
    errors: inOrder([...(options.found ?? []), ...problems.errors]),
    warnings: inOrder(problems.warnings),
    makesHosts: hostsMade,
  };
}

/** Hosts and groups are made by tasks of three kinds. */
function makesHosts(contents: Contents): boolean {
  const makes = ({ traits, args }: Task) =>
    traits.changesVariables === 'hosts' || (traits.controlsFlow === true && args.action === 'refresh_inventory');
  return !contents.tasksKnown || tasksOf(contents).some(makes);
}

import type { RunOptions, RunSummary } from '../model/options/options.ts';
import { runLoaded } from '../engine/run/run.ts';
import { selectHosts } from '../inventory/selection/select.ts';
import { newTask } from '../model/new-task.ts';
import type { Play, Task } from '../model/playbook.ts';
import { UnsafeText } from '../language/yaml/faults/unsafe-text.ts';
import { AD_HOC, adHocFile, adHocPlaybook } from './ad-hoc.ts';
import type { AdHocModule } from './ad-hoc.ts';
import { load } from './load.ts';
import type { LoadedProject } from './load.ts';
import { checkKeyFiles, checkLogins } from './describe/logins.ts';
import type { LoadRequest } from './request.ts';

/** One command, or one task of a module, on many hosts. */
export type ExecOptions = Omit<RunOptions, 'playbooks' | 'tags' | 'skipTags' | 'startAtTask' | 'step'> & {
  pattern: string;
} & ExecTask;

/** What is run: a command, or a module. */
export type ExecTask =
  | { command: readonly string[]; module?: undefined }
  | { module: AdHocModule; command?: undefined };

const at = { file: AD_HOC, line: 1, col: 1 };

/**
 * Runs one command, or one module, on every host of a pattern, each for itself; like a play of one task. A command of
 * one text is shell text; several are a program and its arguments, with no shell in between. Throws as `run` does.
 */
export async function exec(options: ExecOptions): Promise<RunSummary> {
  const { pattern, command, module, ...request } = options;
  const loaded = module
    ? await loadModule(pattern, module, request)
    : await loadCommand(pattern, command, { ...request, playbooks: [] });
  return runLoaded(loaded, { ...request, playbooks: [], inventories: loaded.inventories });
}

/** What one command on the hosts of a pattern needs. Throws where the pattern matches none. */
export async function loadCommand(
  pattern: string,
  command: readonly string[],
  request: LoadRequest,
): Promise<LoadedProject> {
  const loaded = await load(request);
  // Reported as an error of usage, not as one of a play.
  selectHosts(pattern, loaded.inventory);
  return { ...loaded, playbooks: [{ file: AD_HOC, plays: [playOf(pattern, command, request.cwd)] }] };
}

/** Reads the module's task as that of a playbook in the working directory, with all checks of one. */
export async function loadModule(
  pattern: string,
  module: AdHocModule,
  options: Omit<RunOptions, 'playbooks'>,
): Promise<LoadedProject> {
  const file = adHocFile(options.cwd);
  const contents = new Map([[file, adHocPlaybook(pattern, module)]]);
  const request = { ...options, playbooks: [file] };
  const loaded = await load(request, { contents });
  selectHosts(pattern, loaded.inventory);
  checkLogins(loaded, request);
  await checkKeyFiles(loaded, request);
  return loaded;
}

function playOf(pattern: string, command: readonly string[], cwd: string): Play {
  return {
    at,
    name: 'exec',
    hosts: { value: pattern, at },
    allowEmpty: false,
    gatherFacts: false,
    roleNames: { listed: [], dependent: [] },
    strategy: { value: 'free', at },
    forceHandlers: false,
    environment: [],
    tags: [],
    vars: [],
    varsFiles: [],
    varsPrompt: [],
    roleDefaults: [],
    preTasks: [],
    tasks: [taskOf(command)],
    postTasks: [],
    handlers: [],
    dir: cwd,
  };
}

function taskOf(command: readonly string[]): Task {
  // Commands often hold braces of their own (`docker ps --format '{{.Names}}'`): they are not templates here.
  const [shell = '', ...more] = command.map((word) => new UnsafeText(word));
  return newTask({
    id: 'exec',
    at,
    name: { value: command.join(' '), at },
    traits: { timed: 'span' },
    ...(more.length === 0
      ? { module: 'shell', args: { cmd: shell } }
      : { module: 'command', args: { argv: [shell, ...more] } }),
  });
}

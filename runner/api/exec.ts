import type { RunOptions, RunSummary } from '../model/options.ts';
import { runLoaded } from '../engine/run/run.ts';
import { selectHosts } from '../inventory/selection/select.ts';
import { newTask } from '../model/new-task.ts';
import type { Play, Task } from '../model/playbook.ts';
import { UnsafeText } from '../language/yaml/faults/unsafe-text.ts';
import { load } from './load.ts';

/** One command on many hosts. */
export interface ExecOptions extends Omit<
  RunOptions,
  'playbooks' | 'check' | 'diff' | 'tags' | 'skipTags' | 'startAtTask' | 'step'
> {
  pattern: string;
  /** One text is shell text; several are a program and its arguments, with no shell in between. */
  command: readonly string[];
}

const at = { file: 'command line', line: 1, col: 1 };

/** Runs one command on every host of a pattern, each for itself; like a play of one task. Throws as `run` does. */
export async function exec({ pattern, command, ...options }: ExecOptions): Promise<RunSummary> {
  const request = { ...options, playbooks: [] };
  const loaded = await load(request);
  // Reported as an error of usage, not as one of a play.
  selectHosts(pattern, loaded.inventory);
  const playbooks = [{ file: 'command line', plays: [playOf(pattern, command, options.cwd)] }];
  return runLoaded({ ...loaded, playbooks }, { ...request, inventories: loaded.inventories });
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

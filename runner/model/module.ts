import type * as z from 'zod';
import { API_VERSION } from './api-version.ts';
import type { Stamp } from './api-version.ts';
import type { Diff, Matrix } from './events.ts';
import type { LocalKind } from './arguments/local.ts';
import type { LocalFile, LocalTree } from './local-file.ts';
import type { PutFile } from './transport/host-shell.ts';
import type { Script } from './script.ts';

/** What a probe printed. */
export interface ProbeResult {
  rc: number;
  stdout: string;
  stderr: string;
}

/** What `decide` may know besides the arguments and the state; all of it plain data. */
export interface DecideContext {
  check: boolean;
  /** The steps of this task have run and are being proved: what was asked for once (a restart) is done. */
  applied?: boolean;
  /** The inventory's name of the host. */
  host: string;
  /** The host is the machine that xrun itself runs on. */
  controller?: boolean;
  /** Files of the controller that the arguments name (see {@link Module.local}), by argument; templates are rendered. */
  local: Record<string, LocalFile | LocalTree | Buffer>;
  /**
   * In check mode and in guarded blocks: the state that an earlier task of this run would have left of another
   * resource, by its name (`file:/etc/x`, `package:docker.io`); undefined where no task planned anything.
   */
  planned(resource: string): unknown;
  /** What an earlier task of this run, or of this check, has said by `claims`; undefined where none has. */
  claimed(key: string): unknown;
}

/** One thing to do on the host. Scripts run in order; the first that fails fails the task. */
export type Step =
  | {
      do: 'run';
      script: Script;
      /** The user's own command: its own process group, output streamed, any exit status returned. */
      theirs?: boolean;
      cwd?: string;
      /** The connection may go while it runs (a reboot): not an error. */
      mayLose?: boolean;
      /** Files that it changes or removes; a guarded block takes them back with the rest. */
      touches?: string[];
    }
  | { do: 'put'; file: PutFile }
  /** A file of the host to `to` on the controller, replaced at once and whole; another content than `sha256`, and much more than `size` bytes, are refused. */
  | { do: 'get'; path: string; to: string; sha256?: string; size?: number }
  /** Asks the user; the answer is the step's stdout. Without a terminal it goes on without one. */
  | { do: 'ask'; question: string; hidden?: boolean }
  /** Log in afresh, and go on when `until` (where given) exits 0. Seconds. */
  | { do: 'reconnect'; timeout: number; until?: Script }
  | { do: 'sleep'; seconds: number };

/** What a step left: for `run` and `put` the exit status and output; for the others rc 0 and, from `ask`, the answer. */
export interface StepResult {
  rc: number;
  stdout: string;
  stderr: string;
  /** Seconds that a `reconnect` took. */
  elapsed?: number;
}

/** Fields that a task's registered result gets besides `changed`, `failed` and the like. */
export type Result = Readonly<Record<string, unknown>>;

/** Fields of a result and what they hold, in whole sentences; `*` stands for names that are not known before. */
export type Returns = Readonly<Record<string, string>>;

/** A change of the inventory that a task asks for (add_host, group_by). */
export interface InventoryEffect {
  host: string;
  groups: string[];
  vars: Record<string, unknown>;
}

/** What `decide` found. */
export type Decision<State = unknown> =
  /**
   * As wanted. `vars` become variables of the host (set_fact, facts); `message` is shown (debug). `steps` change
   * nothing on the host (pause, log in again, a GET); they run where this is not check mode, and the task stays ok.
   */
  | {
      kind: 'ok';
      result?: Result;
      vars?: Record<string, unknown>;
      message?: string;
      inventory?: InventoryEffect;
      matrix?: Matrix;
      steps?: Step[];
      claims?: Record<string, unknown>;
    }
  /**
   * `after` is the state when the steps have run: what later tasks of a check see. `plans` are the same for other
   * resources, by name: each of several packages, a file in a directory. `claims` is what later tasks on this host have to
   * respect, in a check and in a run: the place of a rule.
   */
  | {
      kind: 'change';
      diff: Diff[];
      steps: Step[];
      after?: State;
      plans?: Record<string, unknown>;
      result?: Result;
      claims?: Record<string, unknown>;
    }
  /** Cannot be known yet. The steps run where this is not check mode; afterwards it counts as changed. */
  | { kind: 'unknown'; why: string; steps: Step[]; result?: Result }
  /** Not yet: probe again every `interval` seconds until `timeout` seconds have passed; then the task fails, with `message` where there is one. In check mode: unknown. */
  | { kind: 'wait'; why: string; interval: number; timeout: number; message?: string }
  /** Refused: arguments or state under which going on would be wrong. */
  | { kind: 'fail'; message: string; hint?: string; result?: Result };

/** What the engine and the checks of playbooks ask of a module: they know none by its name. */
export interface Traits {
  /** Concerns the run, not a host: done on the first host of those whose turn it is, and registered for all. */
  once?: true;
  /** It says what the run does next (`meta`): the engine carries it out itself. */
  controlsFlow?: true;
  /** It makes variables of its hosts: those that its arguments name, those of files that the engine reads for it, their facts; or hosts and groups. */
  changesVariables?: 'arguments' | 'files' | 'facts' | 'hosts';
  /** Facts that its result's `ansible_facts` may add to those that were gathered; each is a variable of the host, too. */
  addsFacts?: readonly string[];
  /** What it may change, if not its host alone; `none`: only what this run knows. */
  effects?: 'none' | 'controller' | 'network' | 'cluster';
  /** The state of a host after it cannot be predicted: nothing is asked ahead of it. */
  opaque?: true;
  /** It fails by the values that it is given, and by nothing else. */
  judges?: true;
  /** What it reads is not its host's alone: an answer may hang on what was changed anywhere. */
  readsElsewhere?: true;
  /** It says something of all hosts of a play at once. */
  allHosts?: true;
  /** Its result says when it ran: `start`, `end` and `delta`, or the seconds `elapsed`. */
  timed?: 'span' | 'elapsed';
}

/**
 * A module is data and three parts: `probe` reads, `decide` compares, the engine applies. Nothing here performs
 * anything, so check mode cannot write and every case can be tested as data.
 */
export interface Module<Schema extends z.ZodType = z.ZodType, State = unknown> extends Stamp<'module'> {
  name: string;
  /** Other names that playbooks may use for it (`apt` for `package`). On one line: bin/registry.js reads it as text. */
  aliases?: string[];
  /** One line for the index, in the imperative. */
  summary: string;
  /** What users should know besides the arguments' own descriptions. */
  notes?: string[];
  /** YAML tasks, as users would write them. */
  examples: string;
  /** Fields of its result besides those that every task has; tests of cases hold that none is missing. */
  returns?: Returns;
  /** A strict object; each field has a `.describe()`. Rendered values are parsed by it before anything else. */
  args: Schema;
  /** The argument that a bare string sets (`command: ls -l`). */
  freeForm?: string;
  /** Other names that playbooks may use for arguments, as Ansible has them, each with the argument's own: `{port: 'to_port'}`. */
  synonyms?: Record<string, string>;
  /** Arguments that name files of the controller, and what of them is used. */
  local?: Record<string, LocalKind>;
  /** A boolean argument that, when true, makes the `local` arguments paths of the host (`remote_src`). */
  localUnless?: string;
  /** The file of the controller that a `get` step writes, from the playbook's directory; what it is now is `local.saved`. */
  saves?(args: z.output<Schema>, host: string): string;
  /** What is to be known of it besides its three parts. */
  traits?: Traits;
  /** Its probe asks something that changes by itself, or that may be slow to answer: it is never sent ahead. */
  fresh?: true;
  /**
   * Its probe's exit status is part of the state, and `parse` looks at it. Every other probe ends with success, or fails the
   * task: what a program that was missing, or was stopped, has printed is not a state.
   */
  probeMayFail?: true;
  /** Seconds that pass before the first probe, which count as waiting. In check mode: none. */
  delay?(args: z.output<Schema>): number;
  /** The arguments' names are the user's own, and may hold templates. */
  freeNames?: boolean;
  /** Values among the arguments, and in the state once that is known, that are masked in everything that is shown or written. */
  secrets?(args: z.output<Schema>, state?: State): string[];
  /** What to say about arguments that work but are probably not meant; they are as they are written, templates too. A warning before the run. */
  advice?(written: Record<string, unknown>): string | undefined;
  /** Arguments that hold a condition or a list of them: the engine replaces each by a `{source, ok}`. */
  conditions?: string[];
  /** Arguments that hold an expression (debug's `var`): the engine replaces each by `{source, value}`. */
  evaluates?: string[];
  /** The thing managed, as other tasks name it: `file:/etc/x`. Needed by whatever returns `after`. */
  resource?(args: z.output<Schema>): string;
  /**
   * A snippet that only reads. Absent, or undefined for these arguments: nothing on the host needs to be known.
   * `local` is what `decide` gets, so that only what a local file makes worth knowing is read.
   */
  probe?(args: z.output<Schema>, local: DecideContext['local']): Script | undefined;
  /** The state that a probe's output shows. Throws a plain Error for output it cannot understand. */
  parse?(probe: ProbeResult, args: z.output<Schema>): State;
  decide(args: z.output<Schema>, state: State, context: DecideContext): Decision<State>;
  /** Fields of the result that are secrets (a join token): masked in everything that is shown or written. */
  secretResults?: string[];
  /**
   * The registered result once the steps have run, in addition to the decision's; failing is reported by `failed: true` and
   * `msg`, and that nothing had to be done after all by `changed: false`.
   */
  result?(args: z.output<Schema>, steps: StepResult[], state: State): Result;
  /**
   * After the steps the engine probes and decides again, until it is ok or `timeout` seconds have passed; then the
   * task fails, saying what still differs. The last `ok`'s result is the task's. `true`: once, at once.
   */
  prove?: true | { timeout: number; interval: number };
}

/** Keeps the schema's and the state's types together; returns the module with the version of the API that it is written for. */
export function defineModule<Schema extends z.ZodType, State>(module: Module<Schema, State>): Module<Schema, State> {
  return { kind: 'module', api: API_VERSION, ...module };
}

/** A module of any types, as the registry and the engine hold it. */
// The engine hands each module only what that module itself parsed.
export type AnyModule = Module<z.ZodType, never>;

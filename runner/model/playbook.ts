import type { Position } from '../diagnostics/errors.ts';
import type { Traits } from './module.ts';

/** Text that is evaluated later, with its place. `source` may also be a YAML boolean. */
export interface Expr {
  source: string | boolean;
  at: Position;
}

/** A value as YAML gave it, templates unrendered, with the place of its key. */
export interface Raw<T = unknown> {
  value: T;
  at: Position;
}

/** Variables as written at one place. Objects keep positions: see runner/language/yaml/positions.ts. */
export interface VarsLayer {
  /** For `xrun vars --explain`: `play vars`, `task vars`, `role web defaults`. */
  origin: string;
  vars: Record<string, unknown>;
}

/** Settings that plays, blocks and tasks share; a task holds the merged ones, so that the engine looks nowhere else. */
export interface Settings {
  become?: Raw;
  becomeUser?: Raw;
  becomeMethod?: Raw;
  /** Outermost first; later ones win. */
  environment: Raw[];
  checkMode?: Raw;
  diff?: Raw;
  noLog?: Raw;
  ignoreErrors?: Raw;
  ignoreUnreachable?: Raw;
  anyErrorsFatal?: Raw;
  throttle?: Raw;
  timeout?: Raw;
  delegateTo?: Raw;
  delegateFacts?: Raw;
  runOnce?: Raw;
  connection?: Raw;
  user?: Raw;
  port?: Raw;
}

/** What every node of a task list has. */
interface Node extends Settings {
  /** Unique in the loaded playbooks and stable between runs. */
  id: string;
  at: Position;
  name?: Raw<string>;
  /** Its own and its blocks' tags, inherited ones included. */
  tags: string[];
  /** Its own and its blocks' conditions, outermost first; all must hold. */
  when: Expr[];
  /** Variables of its blocks and its own, outermost first. */
  vars: VarsLayer[];
  loop?: Loop;
  /** The role it belongs to: where files and templates are looked for, `role_name`. */
  role?: RoleRef;
}

export interface RoleRef {
  name: string;
  /** Absolute. */
  path: string;
  /** Names of the roles that depend on it, for `role_path` look-ups; innermost last. */
  parents: string[];
  /** Its own defaults, which its tasks see before those of other roles in `Play.roleDefaults`. */
  defaults?: VarsLayer[];
  /** The role and its parameters, of an entry of `roles:` or of another role's dependencies. */
  key?: string;
}

/** `loop:`, `with_items`, `with_dict` and the like all end up here. */
export interface Loop {
  items: Raw;
  /** May be a template, as `indexVar`. */
  loopVar: string;
  indexVar?: string;
  /** What is behind `with_`, which makes the items from what is written. */
  form?: string;
  label?: Raw;
  /** `ansible_loop` has no `allitems`. */
  withoutAllItems?: true;
  /** Seconds. */
  pause?: Raw;
}

export interface Task extends Node {
  kind: 'task';
  module: string;
  /** The module's. */
  traits: Traits;
  moduleAt: Position;
  /** Unrendered; `module_defaults` are merged in already. */
  args: Record<string, unknown>;
  /** Conditions and expressions among the arguments (assert's `that`), for checks. */
  judged?: Expr[];
  register?: string;
  registerAt?: Position;
  notify: Raw<string>[];
  changedWhen: Expr[];
  failedWhen: Expr[];
  until?: Expr[];
  retries?: Raw;
  /** Seconds. */
  delay?: Raw;
  /** Each wait is this many times the one before; 1 where not given. */
  backoff?: Raw;
  async?: Raw;
  poll?: Raw;
  /** Only for handlers. */
  listen: string[];
}

export interface Block extends Node {
  kind: 'block';
  block: TaskNode[];
  rescue: TaskNode[];
  always: TaskNode[];
  guarded?: Guarded;
  /** A role that was listed before with the same parameters: for hosts on which no task of it ({@link RoleRef.key}) has run. */
  unlessRan?: string;
}

/** `guarded:` on a block: see docs/guarded.md. */
export interface Guarded {
  at: Position;
  /** Seconds until the target rolls back by itself. */
  timeout: Raw;
  /** Where to log in after the change, if not at the old address. */
  address?: Raw;
  confirm: TaskNode[];
}

/** `include_tasks` and `include_role`: loaded when they are reached. Static imports are gone after loading. */
export interface Include extends Node {
  kind: 'include';
  /** A file name or a role's name, unrendered. */
  what: 'tasks' | 'role';
  target: Raw<string>;
  tasksFrom?: Raw<string>;
  /** Gets what was included. */
  register?: string;
  /** `apply:`: keywords for every included task, unparsed. */
  apply?: Record<string, unknown>;
  /** Only for handlers. */
  listen?: string[];
  /** Passed on to `loadInclude`; the engine does not look into it. */
  included: { around: Inherited; args: Record<string, unknown> };
}

export type TaskNode = Task | Block | Include;

/** What a task gets from the play, blocks, imports and role around it. */
export interface Inherited {
  settings: Settings;
  tags: string[];
  when: Expr[];
  /** Of the roles around, outermost first; weaker than `vars`. */
  roleVars: VarsLayer[];
  vars: VarsLayer[];
  notify: Raw<string>[];
  /** Arguments by module, outermost first. */
  moduleDefaults: Record<string, Record<string, unknown>>[];
  role?: RoleRef;
  play: PlayFrame;
  /** Tasks of a handlers list may be listened to. */
  handlers: boolean;
  /** Absolute paths of the files that led here, so that a file that imports itself is noticed. */
  files: readonly string[];
  /** Includes that led here, one in the other. */
  includes: number;
}

/** What the parts of one play add to it while they are read. */
export interface PlayFrame {
  /** How lists of tasks are read: blocks, roles and includes have lists of their own. */
  read: TaskReader;
  /** Absolute directory of the playbook. */
  dir: string;
  handlers: TaskNode[];
  roleDefaults: VarsLayer[];
  roleVars: VarsLayer[];
  /** Names of the roles that are listed or imported, and of those they depend on. */
  roleNames: { listed: string[]; dependent: string[] };
  /** Roles that ran with the same parameters, which run once a play. */
  ran: Set<string>;
  /** The frame of an include: what ran in the play before is known only when its tasks run. */
  included?: true;
  /** Role directories whose handlers are in. */
  heard: Set<string>;
}

/** Reads tasks, blocks and includes; what is imported replaces its import. */
export interface TaskReader {
  /** A list of them. */
  list(list: readonly unknown[], around: Inherited): Promise<TaskNode[]>;
  /** A file of them; `from` is the place that names it. */
  file(file: string, from: Position, around: Inherited): Promise<TaskNode[]>;
}

export interface VarsPrompt {
  name: string;
  prompt: string;
  default?: unknown;
  private: boolean;
  confirm: boolean;
}

export interface Play extends Settings {
  at: Position;
  name: string;
  /** Pattern, unrendered. */
  hosts: Raw<string>;
  allowEmpty: boolean;
  /** `auto`: facts are gathered when something first reads one. */
  gatherFacts: boolean | 'auto' | Raw;
  /** `inventory` and `linear` where the play does not say. */
  order?: Raw<string>;
  strategy?: Raw<string>;
  serial?: Raw;
  maxFailPercentage?: Raw;
  forceHandlers: boolean;
  tags: string[];
  /** Play vars first, then vars_files in order (file names may hold templates: then `deferred`), role vars last. */
  vars: VarsLayer[];
  /** Roles it lists or imports, and those they depend on. */
  roleNames: { listed: string[]; dependent: string[] };
  varsFiles: Raw<string | string[]>[];
  varsPrompt: VarsPrompt[];
  roleDefaults: VarsLayer[];
  preTasks: TaskNode[];
  /** Roles' tasks first, then `tasks`. */
  tasks: TaskNode[];
  postTasks: TaskNode[];
  handlers: TaskNode[];
  /** Directory of the playbook's file, absolute: files and templates are looked for from here. */
  dir: string;
}

export interface Playbook {
  file: string;
  plays: Play[];
}

import type { Inventory } from '../model/inventory.ts';
import type { RoleRef, VarsLayer } from '../model/playbook.ts';
import type { Asked, RoleNames } from './built-ins.ts';
import type { Renderer } from '../model/variables.ts';

/** What a store is made of. */
export interface StoreOptions {
  inventory: Inventory;
  renderer: Renderer;
  /** From the command line, strongest last. */
  extra?: readonly VarsLayer[];
  check?: boolean;
  diff?: boolean;
  asked?: Asked;
  /** xrun's own, for `xrun_version`. */
  version?: string;
}

/** The variables that a play brings. */
export interface PlayVars {
  name?: string;
  /** For `playbook_dir`, absolute. */
  dir?: string;
  roleNames?: RoleNames;
  roleDefaults?: readonly VarsLayer[];
  /** Weakest first. */
  vars?: readonly VarsLayer[];
  /** Every host of the play. */
  all?: readonly string[];
  /** Hosts that have not failed, of the play and of its batch, in order; evaluated whenever they are read. */
  hosts?(): readonly string[];
  batch?(): readonly string[];
}

/** The variables that one task brings. */
export interface TaskVars {
  /** Of its blocks and its own, outermost first. */
  vars?: readonly VarsLayer[];
  /** Of a role that was included while running; stronger than the play's. */
  roleDefaults?: readonly VarsLayer[];
  role?: RoleRef;
  /** What its `connection:` says, for `ansible_connection`. */
  connection?: string;
}

import type { Position, XrunError } from '../diagnostics/errors.ts';

/** A candidate value of a variable with its position. */
export interface Sourced {
  value: unknown;
  /** `group_vars/all.yml`, `inventory host vars`, `group web`. */
  origin: string;
  at?: Position;
  /** Already a value (`add_host`): text in it that looks like a template is none. */
  literal?: true;
}

export interface Host {
  name: string;
  /** Every group it is in, ancestors included, without `all` and `ungrouped`; sorted. */
  groups: string[];
  /** All candidates of each variable, weakest first: the last one wins. */
  vars: ReadonlyMap<string, Sourced[]>;
  at?: Position;
}

export interface Group {
  name: string;
  /** Names as the group lists them, then those of its child groups. */
  hosts: string[];
  children: string[];
  at?: Position;
}

/** The hosts of a run. Order is the inventory's, everywhere. `all` and `ungrouped` are always there. */
export interface Inventory {
  hosts: Map<string, Host>;
  groups: Map<string, Group>;
  /** The files and directories it came from, absolute. */
  sources: string[];
  /** Variables of the group `all`, for hosts that are in no inventory: the implicit localhost. */
  allVars?: ReadonlyMap<string, Sourced[]>;
  /** What is suspicious but not an error: a host that was defined twice with different values. */
  warnings?: XrunError[];
  /** Adds or extends a host (add_host, group_by): groups that do not exist are made. */
  add(host: string, groups: string[], vars: Record<string, unknown>): void;
  /** Takes over what another reading of the same sources found; what tasks added stays. */
  refresh(fresh: Inventory): void;
}

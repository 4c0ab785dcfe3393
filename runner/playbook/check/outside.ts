import type { Candidate } from '../../model/variables.ts';
import type { VaultText } from '../../language/vault/vault-text.ts';
import type { Play, RoleRef, VarsLayer } from '../../model/playbook.ts';

/** A variable's value as the inventory has it. */
export interface Outer {
  name: string;
  value: unknown;
  at?: Candidate['at'];
}

/** What inventory and command line bring to the playbooks. */
export interface ExternalContext {
  /** Every variable of theirs. */
  variables: Iterable<string>;
  /** Names of those that the command line gives one by one: a file of them may well be for other playbooks too. */
  given: readonly string[];
  /** All values of theirs, in which others may be read. */
  texts(): Iterable<unknown>;
  hosts: readonly string[];
  groups: readonly string[];
  /** The hosts that a play may come to. */
  hostsOf(play: Play): readonly string[];
  /** What the inventory has for a host: of each variable the strongest value. */
  valuesOf(host: string): Iterable<Outer>;
  /** The value that a task's variable has on a host, as far as is known before the run. */
  winner(play: Play, node: Reader, host: string, name: string): Candidate | undefined;
  /** Where several controllers have a part of the hosts each. */
  shards?: Sharded;
  /** The command line sets become. */
  becomes: boolean;
  /** Throws E_VAULT where no password opens it. */
  openVault(text: VaultText): void;
}

/** The hosts of all controllers. */
export interface Sharded {
  /** The number of the shard that has a host. */
  of(host: string): number;
  /** The hosts that a play may come to, on whatever controller. */
  hostsOf(play: Play): readonly string[];
}

/** Who reads variables: a task with those of its own. */
export interface Reader {
  vars: readonly VarsLayer[];
  role?: RoleRef;
}

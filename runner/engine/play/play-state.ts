import type { Play, TaskNode, VarsLayer } from '../../model/playbook.ts';
import type { Frame, FailedHosts } from './frame.ts';
import type { Run } from '../run/run-state.ts';

/** What lives as long as one play, or one batch of a serial one. */
export interface PlayRun {
  run: Run;
  /** Runs a list of tasks on these hosts: blocks, includes, handlers and guarded blocks have lists of their own. */
  runList(nodes: readonly TaskNode[], hosts: readonly string[], frame: Frame): Promise<FailedHosts>;
  play: Play;
  cwd: string;
  /** Hosts of the whole play, in order. */
  hosts: string[];
  /** Hosts of this batch. */
  batch: string[];
  /** Variables of the block loops and included loops that a host is in, outermost first. */
  loopVars: Map<string, Record<string, unknown>[]>;
  /** Defaults of roles that were included while the play ran; the play's own are in its variables already. */
  roleDefaults: VarsLayer[];
  /** Hosts of this batch that have failed, and that no rescue takes over. */
  down: Set<string>;
  /** Hosts of which clear_host_errors said that what failed before is forgotten; their list is over all the same. */
  cleared: Set<string>;
  /** Hosts on which a handler of force_handlers failed: later sections of the play force no handlers on them. */
  handlersFailed: Set<string>;
  /** Roles (by key) and hosts on which a task of the role was not skipped. */
  rolesRun: Set<string>;
  /** max_fail_percentage, where the play has one. */
  mostFailed?: number;
  /** How often the handlers have been run. */
  flushes: number;
  /** By any_errors_fatal, max_fail_percentage or a full house of failures: no more tasks but handlers if forced. */
  aborted?: string;
  /** By meta end_play or end_batch: no more tasks for this batch. */
  ended: boolean;
  /** By meta end_play: no further batch either. */
  endsPlay?: boolean;
}

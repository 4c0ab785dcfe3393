import type { Step } from '../../model/module.ts';
import { Ahead } from '../action/ahead.ts';
import { PreparedAhead } from '../action/prepared-ahead.ts';

/** What the engine knows of one host while it runs. */
export class HostRun {
  readonly name: string;
  /** `ended`: by meta end_host; it is fine, and gets no more tasks in this play. */
  state: 'active' | 'failed' | 'unreachable' | 'ended' = 'active';
  /** Check mode and guarded blocks: the state that earlier tasks would have left, by resource. */
  readonly planned = new Map<string, unknown>();
  /** What tasks of this run have claimed for the rest of it; see `claims` of a decision. */
  readonly claims = new Map<string, unknown>();
  /** Check mode: the first task that a check cannot foresee and that may have changed this host; how messages name it. */
  unforeseen?: string;
  /** Check mode: registered names whose values were read before the task that is named here has done its work. */
  readonly early = new Map<string, string>();
  /** While a guarded block is planned: the steps of its tasks, which are not run but gathered here. */
  collected?: Step[];
  /** Probes sent ahead of their task. */
  readonly ahead = new Ahead();
  /** Directories that relative paths and `~` begin at; see host-paths.ts. */
  readonly bases = new Map<string, string>();
  /** What those probes were made from. */
  readonly prepared = new PreparedAhead();

  constructor(name: string) {
    this.name = name;
  }
}

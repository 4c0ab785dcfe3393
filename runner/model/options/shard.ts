/** One part of a run's hosts, where several controllers run the same playbooks, each for its own part. */
export interface Shard {
  /** From 1. */
  number: number;
  count: number;
  /** What stays together: nothing but a host, or all hosts that share a group. */
  by: 'host' | 'group';
}

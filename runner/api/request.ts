import type { RunOptions } from '../model/options/options.ts';

/** What loading needs of a run's options. */
export type LoadRequest = Omit<RunOptions, 'reporters'>;

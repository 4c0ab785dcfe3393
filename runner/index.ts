export type { ConnectionOptions, RunOptions, RunSummary } from './engine/options.ts';

export type { ConnectionOptions, RunOptions, RunSummary } from './engine/options.ts';
export { parseVars } from './index/vars-text.ts';

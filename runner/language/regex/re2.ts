import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/**
 * The linear engine, loaded when it is first needed: its tables of Unicode take longer to build than most runs take to
 * match anything. In the bundle `require` is esbuild's, which has the package inside.
 */
export function re2(): typeof RE2JS {
  return (
    typeof require === 'function'
      ? (require('re2js') as { RE2JS: typeof RE2JS })
      : (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS })
  ).RE2JS;
}

// The public entry point `xrun/helper`: functions for templates and conditions.
export { API_VERSION } from '../api-version.ts';
export { BadArgument, defineHelper } from '../vars/helpers/helper.ts';
export type { Call, Example, Helper } from '../vars/helpers/helper.ts';

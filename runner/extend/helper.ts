// The public entry point `xrun/helper`: functions for templates and conditions.
export { API_VERSION } from '../model/api-version.ts';
export { BadArgument, defineHelper } from '../language/templates/helpers/helper.ts';
export type { Arguments, Call, Example, Helper, Reach } from '../language/templates/helpers/helper.ts';

// The public entry point `xrun/testing`: runs a module's cases, as xrun's own modules are tested.
export { checkCase, moduleCases, readCases } from '../testing/cases.ts';
export type { Case, NamedCase } from '../testing/cases.ts';
export { callHelper } from '../testing/call-helper.ts';
export type { Around } from '../testing/call-helper.ts';
export { LocalHost } from '../testing/local-host.ts';

// The public entry point `xrun/module`: what a module is made of.
import * as z from 'zod';

export { z };
export { API_VERSION } from '../api-version.ts';
export type { Diff } from '../events.ts';
export { absolutePath, flag, path, port, seconds, text, userName, whole, words } from '../modules/arguments/scalars.ts';
export type { LocalKind } from '../modules/arguments/local.ts';
export { defineModule } from '../modules/module.ts';
export type { DecideContext, Decision, Module, ProbeResult, Result, Step, StepResult, Traits } from '../modules/module.ts';
export { argv, quote, raw, sequence, sh, tame, withStdin } from '../shell/script.ts';
export type { Script, Word } from '../shell/script.ts';
export type { PutFile } from '../shell/host-shell.ts';

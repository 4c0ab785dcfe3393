// The public entry point `xrun/module`: what a module is made of.
import * as z from 'zod';

export { z };
export { API_VERSION } from '../model/api-version.ts';
export type { Diff } from '../model/events.ts';
export { absolutePath, flag, path, port, seconds, text, userName, whole, words } from '../model/arguments/scalars.ts';
export type { LocalKind } from '../model/arguments/local.ts';
export { defineModule } from '../model/module.ts';
export type {
  DecideContext,
  Decision,
  Module,
  ProbeResult,
  Result,
  Step,
  StepResult,
  Traits,
} from '../model/module.ts';
export { argv, quote, raw, sequence, sh, tame, withStdin } from '../model/script.ts';
export type { Script, Word } from '../model/script.ts';
export type { PutFile } from '../model/transport/host-shell.ts';

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Archives } from '../../runner/engine/run/archives.ts';
import { readLocal } from '../../runner/engine/action/local-files.ts';
import type { LocalKind } from '../../runner/model/arguments/local.ts';
import { sha256 } from '../../runner/modules/path/file-state.ts';
import type { AnyModule, DecideContext } from '../../runner/model/module.ts';

/** Writes texts as files of the controller's, and describes them as the engine would: by argument. */
export async function describeLocal(
  directory: string,
  module: AnyModule,
  texts: Record<string, string | Record<string, string>>,
): Promise<DecideContext['local']> {
  const local: DecideContext['local'] = {};
  for (const [name, value] of Object.entries(texts))
    local[name] = await source(join(directory, 'controller', name), module.local?.[name] ?? 'file', value);
  return local;
}

async function source(path: string, kind: LocalKind, value: string | Record<string, string>) {
  if (kind === 'template') return Buffer.from(value as string);
  if (typeof value === 'string') return file(path, value);
  mkdirSync(path, { recursive: true });
  for (const [relative, text] of Object.entries(value)) file(join(path, relative), text);
  if (kind !== 'archive') return readLocal(path, kind);
  execFileSync('tar', ['-czf', `${path}.tar.gz`, '-C', path, '.']);
  return new Archives(dirname(path)).read(`${path}.tar.gz`);
}

function file(path: string, text: string) {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return { path, size: Buffer.byteLength(text), sha256: sha256(text), mode: '0644', content: Buffer.from(text) };
}

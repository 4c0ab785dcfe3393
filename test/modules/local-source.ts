import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../runner/modules/files/state.ts';
import type { AnyModule, DecideContext } from '../../runner/modules/module.ts';

/** Writes texts as files of the controller's, and describes them as the engine would: by argument. */
export function describeLocal(directory: string, module: AnyModule, texts: Record<string, string | Record<string, string>>): DecideContext['local'] {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, source(join(directory, 'controller', name), module.local?.[name], value)]));
}

function source(path: string, kind: string | undefined, value: string | Record<string, string>) {
  if (typeof value === 'string') return kind === 'template' ? Buffer.from(value) : file(path, value);
  const names = Object.keys(value).sort();
  const parents = names.flatMap((name) => name.split('/').slice(0, -1).map((_, i, all) => all.slice(0, i + 1).join('/')));
  return {
    path,
    files: names.map((relative) => ({ relative, file: file(join(path, relative), value[relative] as string) })),
    directories: [...new Set(parents)],
  };
}

function file(path: string, text: string) {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return { path, size: Buffer.byteLength(text), sha256: sha256(text), mode: '0644', content: Buffer.from(text) };
}

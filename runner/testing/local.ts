import type { LocalKind } from '../model/arguments/local.ts';
import { sha256 } from '../modules/path/file-state.ts';
import type { AnyModule, DecideContext } from '../model/module.ts';
import type { LocalFile, LocalTree } from '../model/local-file.ts';

/** A directory of the controller's as cases write it. */
export interface TreeText {
  files: Record<string, string>;
  directories?: string[];
  links?: Record<string, string>;
}

/** The controller's files of a case: templates as their text, images by their manifest, files as if they lay under /local. */
export function localOf(module: AnyModule, texts: Record<string, string | TreeText> = {}): DecideContext['local'] {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => {
      if (typeof value !== 'string') return [name, tree(name, value, module.local?.[name])];
      if (module.local?.[name] === 'template') return [name, Buffer.from(value)];
      return [name, { ...localFile(name, value), ...(module.local?.[name] === 'image' && { manifest: value }) }];
    }),
  );
}

function localFile(name: string, text: string): LocalFile {
  const content = Buffer.from(text);
  return { path: `/local/${name}`, size: content.length, sha256: sha256(content), mode: '0644', content };
}

function tree(name: string, { files, directories = [], links = {} }: TreeText, kind: LocalKind | undefined): LocalTree {
  const entries = Object.entries(files).map(([relative, text]) => ({
    relative,
    file: localFile(`${name}/${relative}`, text),
  }));
  return {
    path: `/local/${name}`,
    ...(kind !== 'archive' && { mode: '0755' }),
    files: entries,
    directories: directories.map((relative) => ({ relative, mode: '0755' })),
    links: Object.entries(links).map(([relative, target]) => ({ relative, target })),
  };
}

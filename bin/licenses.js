import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The licenses of the packages whose files are in the bundle, as those licenses demand.
 *
 * @param files paths of the files from `root`
 * @returns one text: each package's name and version, and its license
 */
export function licensesOf(files, root) {
  const folders = new Set(files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean));
  return [...folders]
    .sort()
    .map((folder) => licenseOf(path.join(root, folder)))
    .join('\n\n');
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^(licen[sc]e|notice|copying)/i.test(file));
  const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${text}`;
}

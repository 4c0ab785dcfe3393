import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Pages besides those of docs/. */
const OTHERS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'lab/README.md',
  'examples/plugin/README.md',
  'examples/ci/README.md',
  'examples/distributed/README.md',
];

/** Every page that users read, from the root of the repository. */
export const pages: readonly string[] = [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.vitepress'))
    .map((name) => join('docs', name)),
  ...OTHERS,
].filter((name) => name.endsWith('.md'));

/** The text of a page. */
export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

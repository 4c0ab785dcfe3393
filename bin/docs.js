// Writes what docs/ tells from definitions: docs/modules.md, the helpers in docs/templates.md, and docs/pictures/. The tests
// of all three say when that is due.
import { readFileSync, writeFileSync } from 'node:fs';
import { draw } from './pictures/draw.ts';
import { schemes } from './pictures/schemes.ts';
import { modulesMarkdown } from '../runner/cli/module-markdown.ts';
import { moduleDocs } from '../runner/index.ts';
import { helpersMarkdown } from '../runner/vars/helpers/markdown.ts';

const page = (name) => new URL(`../docs/${name}.md`, import.meta.url);

writeFileSync(page('modules'), modulesMarkdown(await moduleDocs()));

const marker = '<!-- Below: written by `npm run docs` from runner/vars/helpers/ -->\n';
const [prose] = readFileSync(page('templates'), 'utf8').split(marker);
writeFileSync(page('templates'), `${prose}${marker}\n${helpersMarkdown()}`);

for (const [name, scheme] of Object.entries(schemes)) writeFileSync(new URL(`../docs/pictures/${name}.svg`, import.meta.url), draw(name, scheme));

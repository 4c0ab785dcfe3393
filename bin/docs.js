// Writes what docs/ tells from definitions: docs/modules.md, and the helpers in docs/templates.md. The tests of both say
// when that is due.
import { readFileSync, writeFileSync } from 'node:fs';
import { modulesMarkdown } from '../runner/cli/module-markdown.ts';
import { moduleDocs } from '../runner/index.ts';
import { helpersMarkdown } from '../runner/vars/helpers/markdown.ts';

const page = (name) => new URL(`../docs/${name}.md`, import.meta.url);

writeFileSync(page('modules'), modulesMarkdown(await moduleDocs()));

const marker = '<!-- Below: written by `npm run docs` from runner/vars/helpers/ -->\n';
const [prose] = readFileSync(page('templates'), 'utf8').split(marker);
writeFileSync(page('templates'), `${prose}${marker}\n${helpersMarkdown()}`);

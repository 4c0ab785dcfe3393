// Writes the parts of docs/ that come from definitions: docs/modules.md, docs/keywords.md, docs/events.md, the helpers in docs/templates.md, the layers in
// docs/architecture.md, docs/pictures/, and the manual page man/xrun.1. Their tests say when that is due.
import { readFileSync, writeFileSync } from 'node:fs';
import layers from './layers.cjs';
import { manPage } from './man.ts';
import { eventsMarkdown, keywordsMarkdown } from './reference.ts';
import { draw } from './pictures/draw.ts';
import { schemes } from './pictures/schemes.ts';
import { modulesMarkdown } from '../runner/cli/texts/module-markdown.ts';
import { program } from '../runner/cli/program.ts';
import { moduleDocs } from '../runner/api/index.ts';
import { helpersMarkdown } from '../runner/language/templates/helpers/markdown.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const man = manPage(program({}, version, () => {}));
writeFileSync(new URL('../man/xrun.1', import.meta.url), man);

const page = (name) => new URL(`../docs/${name}.md`, import.meta.url);

writeFileSync(page('modules'), modulesMarkdown(await moduleDocs()));
writeFileSync(page('keywords'), keywordsMarkdown());
writeFileSync(page('events'), eventsMarkdown());

const marker = '<!-- Below: written by `npm run docs` from runner/language/templates/helpers/ -->\n';
const [prose] = readFileSync(page('templates'), 'utf8').split(marker);
writeFileSync(page('templates'), `${prose}${marker}\n${helpersMarkdown()}`);

for (const [name, scheme] of Object.entries(schemes))
  writeFileSync(new URL(`../docs/pictures/${name}.svg`, import.meta.url), draw(name, scheme));

const [before, rest = ''] = readFileSync(page('architecture'), 'utf8').split(/(?<=<!-- layers:.*-->\n)/);
const [, after = ''] = rest.split('<!-- /layers -->');
writeFileSync(page('architecture'), `${before}${layers.layersMarkdown()}<!-- /layers -->${after}`);

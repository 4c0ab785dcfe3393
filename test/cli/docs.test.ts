import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { manPage } from '../../bin/man.ts';
import { eventsMarkdown, keywordsMarkdown } from '../../bin/reference.ts';
import { draw } from '../../bin/pictures/draw.ts';
import { schemes } from '../../bin/pictures/schemes.ts';
import { modulesMarkdown } from '../../runner/cli/texts/module-markdown.ts';
import { processIo } from '../../runner/cli/process-io.ts';
import { program } from '../../runner/cli/program.ts';
import { pages } from '../docs/pages.ts';
import { moduleDocs } from '../../runner/api/index.ts';

test('docs/modules.md is what `npm run docs` writes', async () => {
  const written = readFileSync(new URL('../../docs/modules.md', import.meta.url), 'utf8');
  expect(written === modulesMarkdown(await moduleDocs()), 'run `npm run docs`').toBe(true);
});

test.each([
  ['keywords', keywordsMarkdown],
  ['events', eventsMarkdown],
])('docs/%s.md is what `npm run docs` writes', (name, written) => {
  expect(
    readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8') === written(),
    'run `npm run docs`',
  ).toBe(true);
});

test.each(Object.entries(schemes))(
  'docs/pictures/%s.svg is what `npm run docs` draws, and a page shows it',
  (name, scheme) => {
    expect(readFileSync(new URL(`../../docs/pictures/${name}.svg`, import.meta.url), 'utf8')).toBe(draw(name, scheme));
    expect(readFileSync(new URL('../../docs/choosing-a-network.md', import.meta.url), 'utf8')).toContain(
      `(pictures/${name}.svg)`,
    );
  },
);

const root = join(import.meta.dirname, '../..');
test('docs/architecture.md has the layers that npm run check enforces (npm run docs)', () => {
  const { layersMarkdown } = createRequire(import.meta.url)('../../bin/layers.cjs') as { layersMarkdown(): string };
  expect(readFileSync(join(root, 'docs/architecture.md'), 'utf8')).toContain(layersMarkdown());
});

test.each(pages)('%s names files and links to pages that exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const files = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|js|cjs|sh))`/g)].map(([, file]) => file!);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => join(dirname(page), link!));
  const known = (file: string) => ['', 'runner'].some((base) => existsSync(join(root, base, file)));
  const example = (file: string) => /NAME|FAMILY/.test(file) || page.includes('plugin');
  expect(files.filter((file) => !known(file) && !example(file))).toEqual([]);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

test('man/xrun.1 is what `npm run docs` writes, and has every command and every option', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const page = manPage(program(processIo(), version, () => {}));
  expect(readFileSync(join(root, 'man/xrun.1'), 'utf8') === page, 'run `npm run docs`').toBe(true);
  for (const part of [
    '.B xrun',
    '\\fBxrun vault rekey\\fR \\fIFILE\\fR...',
    '\\fB\\-f\\fR, \\fB\\-\\-forks\\fR \\fIn\\fR',
  ])
    expect(page).toContain(part);
});

test('every argument of every module is described', async () => {
  const silent = (await moduleDocs()).flatMap(({ name, arguments: list }) =>
    list.filter((each) => each.description.length < 3).map((each) => `${name}.${each.name}`),
  );
  expect(silent).toEqual([]);
});

test('docs/cli.md names every option of every command', async () => {
  const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const options = (command: ReturnType<typeof program>): string[] => [
    ...command.options.filter(({ hidden }) => !hidden).map((option) => option.long ?? ''),
    ...command.commands.flatMap(options),
  ];
  const all = [...new Set(options(program(processIo(), '0', () => {})))];
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter((option) => !text.includes(option))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { draw } from '../../bin/pictures/draw.ts';
import { schemes } from '../../bin/pictures/schemes.ts';
import { modulesMarkdown } from '../../runner/cli/commands/module-markdown.ts';
import { moduleDocs } from '../../runner/api/index.ts';

test('docs/modules.md is what `npm run docs` writes', async () => {
  const written = readFileSync(new URL('../../docs/modules.md', import.meta.url), 'utf8');
  expect(written === modulesMarkdown(await moduleDocs()), 'run `npm run docs`').toBe(true);
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

test('every argument of every module is described', async () => {
  const silent = (await moduleDocs()).flatMap(({ name, arguments: list }) =>
    list.filter((each) => each.description.length < 3).map((each) => `${name}.${each.name}`),
  );
  expect(silent).toEqual([]);
});

test('docs/cli.md names every option of every command', async () => {
  const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const { program } = await import('../../runner/cli/program.ts');
  const { processIo } = await import('../../runner/cli/process-io.ts');
  const options = (command: ReturnType<typeof program>): string[] => [
    ...command.options.map((option) => option.long ?? ''),
    ...command.commands.flatMap(options),
  ];
  const all = [...new Set(options(program(processIo(), '0', () => {})))];
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter((option) => !text.includes(option))).toEqual([]);
});

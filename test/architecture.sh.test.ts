import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(path.join(root, 'runner'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const textOf = (file: string) => readFileSync(path.join(root, 'runner', file), 'utf8');

/** What dependency-cruiser says of `runner/` in a folder. */
function violations(folder: string): string {
  const cruise = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  try {
    return execFileSync(process.execPath, [cruise, '--config', path.join(root, '.dependency-cruiser.cjs'), 'runner'], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('imports go one way', () => {
  const told = violations(root);
  expect(told).toContain('no dependency violations found');
  const [, modules] = /\((\d+) modules/.exec(told) ?? [];
  expect(Number(modules)).toBeGreaterThan(sources.length - 1);
});

test('an import the wrong way is found', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xrun-imports-'));
  try {
    for (const name of ['runner/connection', 'runner/cli', 'bin'])
      mkdirSync(path.join(folder, name), { recursive: true });
    for (const name of ['node_modules', 'tsconfig.json']) symlinkSync(path.join(root, name), path.join(folder, name));
    writeFileSync(path.join(folder, 'runner/cli/main.ts'), 'export const cli = 1;\n');
    writeFileSync(
      path.join(folder, 'runner/connection/wrong.ts'),
      "import { cli } from '../cli/main.ts';\nimport { Listr } from 'listr2';\nexport const both = [cli, Listr];\n",
    );
    const told = violations(folder);
    expect(told).toContain('connection-imports');
    expect(told).toContain('only-one-user-of-listr2');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('only the command line uses the process and its streams', () => {
  const uses = /\bprocess\.(stdout|stderr|stdin|exit|argv|on|once|cwd)\b|\bconsole\./;
  const code = (file: string) => textOf(file).replace(/\/\*.*?\*\/|^\s*\/\/.*$/gms, '');
  const found = sources.filter((file) => !file.startsWith('cli/') && uses.test(code(file)));
  expect(found).toEqual([]);
});

test('files stay short enough to read in one go', () => {
  const long = sources
    .filter((file) => file !== 'modules/registry.ts')
    .map((file) => ({ file, lines: textOf(file).split('\n').length }))
    .filter(({ lines }) => lines > 360);
  expect(long).toEqual([]);
});

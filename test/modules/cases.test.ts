import { describe, expect, test } from 'vitest';
import type { AnyModule } from '../../runner/model/module.ts';
import { loadModule, moduleNames } from '../../runner/modules/registry.ts';
import { checkCase } from '../../runner/testing/cases.ts';
import { KINDS, caseFiles } from './case.ts';

const files = caseFiles();
const loaded = await Promise.all(
  moduleNames.map(async (name) => [name, (await loadModule(name)) as AnyModule] as const),
);

test('every module has a file of cases, and every file a module', () => {
  const modules = [...new Set(loaded.map(([, module]) => module.name))].sort();
  expect(files.map((file) => file.module).sort()).toEqual(modules);
});

test('the registry knows each module by the name and the aliases it gives itself', () => {
  for (const [name, module] of loaded) expect([module.name, ...(module.aliases ?? [])]).toContain(name);
});

test('a module whose cases have results describes their fields', async () => {
  const silent = files.filter(({ cases }) =>
    cases.some(({ result }) => Object.keys((result as object) ?? {}).length > 0),
  );
  const modules = await Promise.all(silent.map(({ module }) => loadModule(module) as Promise<AnyModule>));
  expect(modules.filter(({ returns }) => returns === undefined).map(({ name }) => name)).toEqual([]);
});

describe.each(files)('$module', ({ module: name, lacks, why, cases }) => {
  test('has every kind of case', () => {
    const found = new Set(cases.map((one) => one.case));
    expect(KINDS.filter((kind) => !found.has(kind))).toEqual(KINDS.filter((kind) => lacks.includes(kind)));
    if (lacks.length > 0) expect(why, 'why it lacks them').toMatch(/\w/);
  });

  test.each(cases.map((one, i) => ({ title: `${i + 1}. ${one.case}`, one })))('$title', async ({ one }) => {
    const module = await loadModule(name);
    expect(module, `module ${name}`).toBeDefined();
    checkCase(module as AnyModule, one);
  });
});

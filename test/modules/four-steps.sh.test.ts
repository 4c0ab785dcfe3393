import { readFileSync, readdirSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeLocal } from './local-source.ts';
import type { AnyModule, Decision } from '../../runner/model/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { plain } from './case.ts';
import { BUSYBOX_ALONE, FLAVOURS, LocalHost } from './local-host.ts';

/** A module's life on a real file system: a check says changed, apply changes, a check says ok, apply says ok. */
interface Scenario {
  name: string;
  /** DIR stands for a fresh directory. */
  args: Record<string, unknown>;
  /** Shell text that prepares the directory. */
  before?: string;
  /** Shell text that exits with 0 when the host is as it should be. */
  after: string;
  /** The text of a file of the controller's, by argument; of a directory, its files'; `{archive: PATH}` is read from there. */
  local?: Record<string, string | Record<string, string>>;
}

const folder = new URL('../cases/four-steps/', import.meta.url);
const files = readdirSync(folder).map((file) => ({
  module: file.replace('.yml', ''),
  scenarios: load(readFileSync(new URL(file, folder), 'utf8')) as Scenario[],
}));

describe.each([...FLAVOURS, BUSYBOX_ALONE])('with $name', (flavour) => {
  let host: LocalHost;
  beforeEach(() => {
    host = new LocalHost(flavour);
  });
  afterEach(() => host.close());

  describe.each(files)('$module', ({ module: name, scenarios }) => {
    test.each(scenarios)('$name', async (scenario) => {
      const module = (await loadModule(name)) as AnyModule;
      const fill = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll('DIR', host.directory)) as T;
      if (scenario.before) host.prepare(fill(scenario.before));
      const args = module.args.parse(fill(scenario.args)) as never;
      const local = await describeLocal(host.directory, module, fill(scenario.local ?? {}));
      const look = (check: boolean) => host.look(module, args, local, check);

      expect(look(true).decision.kind).toBe('change');
      const { state, decision } = look(false);
      const ran = await host.apply((decision as Extract<Decision, { kind: 'change' }>).steps);
      expect(module.result?.(args, ran, state)?.failed ?? false).toBe(false);
      expect(host.run({ text: fill(scenario.after) })).toEqual({ rc: 0, stdout: '', stderr: '' });
      expect(plain(look(true).decision)).toMatchObject({ kind: 'ok' });
      expect(plain(look(false).decision)).toMatchObject({ kind: 'ok' });
    });
  });
});

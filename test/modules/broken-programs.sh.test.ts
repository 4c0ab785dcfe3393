import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnyModule } from '../../runner/modules/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { plain } from './case.ts';
import { LocalHost } from './local-host.ts';
import { describeLocal } from './local-source.ts';

interface Scenario {
  module: string;
  before: string;
  args: Record<string, unknown>;
  local?: Record<string, Record<string, string>>;
}

const scenarios = load(readFileSync(new URL('../cases/broken-programs.yml', import.meta.url), 'utf8')) as Scenario[];

const base = mkdtempSync(join(tmpdir(), 'xrun-broken-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Every program of this machine, as a link that notes its use and runs it. */
const programs = new Map<string, string>();
for (const directory of ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
  for (const name of existsSync(directory) ? readdirSync(directory) : []) if (!programs.has(name) && statSync(join(directory, name), { throwIfNoEntry: false })?.isFile()) programs.set(name, join(directory, name));
}
const recorded = join(base, 'recorded');
const sound = join(base, 'sound');
const broken = join(base, 'broken');
const log = join(base, 'log');
for (const directory of [recorded, sound, broken]) mkdirSync(directory);
const recorder = script(join(base, 'recorder'), `echo "\${0##*/}" >>${log}; PATH=${sound}; exec "\${0##*/}" "$@"`);
for (const [name, path] of programs) {
  symlinkSync(path, join(sound, name));
  symlinkSync(name === 'sh' ? path : recorder, join(recorded, name));
}

function script(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Prints the first half of what the program prints; notes where that is less than all. */
const half = (name: string, rc: number) => `t=$(/usr/bin/mktemp ${base}/half-XXXXXX); PATH=${sound} ${name} "$@" >"$t"; n=$(/usr/bin/wc -c <"$t"); [ "$n" -eq 0 ] || echo cut >>${log}
/usr/bin/head -c $((n / 2)) "$t"; exit ${rc}`;

const FAULTS: Record<string, ((name: string) => string) | undefined> = {
  missing: undefined,
  killed: () => `echo cut >>${log}; kill -9 $$`,
  'half, successful': (name) => half(name, 0),
  'half, failing': (name) => half(name, 1),
};

/** Half of what these print is a true answer too, and nothing else tells of it. */
const UNNOTICED: Record<string, string> = {
  date: 'half of a number of seconds is a number of seconds',
};

describe.each(scenarios)('$module $args', ({ module: name, before, args, local: texts }) => {
  test('decides the same or fails, whatever becomes of its programs', async () => {
    const host = new LocalHost({ name: 'dash', shell: ['/usr/bin/dash'] });
    try {
      const module = (await loadModule(name)) as AnyModule;
      const fill = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll('DIR', host.directory)) as T;
      expect(host.run({ text: fill(before) })).toMatchObject({ rc: 0 });
      const given = module.args.parse(fill(args)) as never;
      const local = await describeLocal(host.directory, module, texts ?? {});
      const decide = (path: string) => {
        rmSync(log, { force: true });
        host.path = path;
        // Without what the state will be: a host that has no stat does not know when a file was changed.
        const { after: _, ...decision } = plain(host.look(module, given, local, false).decision) as Record<string, unknown>;
        return decision;
      };
      const truth = decide(recorded);
      const used = [...new Set(readFileSync(log, 'utf8').split('\n').filter(Boolean))];
      expect(used.length).toBeGreaterThan(0);
      for (const program of used) {
        for (const [fault, text] of Object.entries(FAULTS)) {
          if (fault === 'half, successful' && program in UNNOTICED) continue;
          const path = text ? broken : sound;
          if (text) script(join(broken, program), text(program));
          else renameSync(join(sound, program), join(base, 'away'));
          let found: unknown;
          try {
            found = decide(text ? `${path}:${sound}` : path);
          } catch (error) {
            found = error;
          } finally {
            if (text) rmSync(join(broken, program));
            else renameSync(join(base, 'away'), join(sound, program));
          }
          if (found instanceof Error) expect(found.constructor, `${program} ${fault}`).toBe(Error);
          else if ((found as { kind: string }).kind !== 'fail') expect(found, `${program} ${fault}`).toEqual(truth);
        }
      }
    } finally {
      host.close();
    }
  }, 120_000);
});

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnyModule, Decision } from '../../runner/model/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { plain } from './case.ts';
import { LocalHost } from './local-host.ts';
import { describeLocal } from './local-source.ts';

interface Scenario {
  module: string;
  before: string;
  args: Record<string, unknown>;
  local?: Record<string, Record<string, string>>;
  /** Programs that this machine may lack, or that would tell of this machine: what they are instead. They use none but sh's own commands. */
  programs?: Record<string, string>;
  /** Paths that the probe reads outside of DIR, and where they are for this test. */
  places?: Record<string, string>;
  /** Programs whose answer is their exit status: half of what they print is nothing less. */
  unnoticed?: Record<string, string>;
}

const scenarios = load(readFileSync(new URL('../cases/broken-programs.yml', import.meta.url), 'utf8')) as Scenario[];

const base = mkdtempSync(join(tmpdir(), 'xrun-broken-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Every program of this machine, as a link that notes its use and runs it. */
const programs = new Map<string, string>();
for (const directory of ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
  for (const name of existsSync(directory) ? readdirSync(directory) : [])
    if (!programs.has(name) && statSync(join(directory, name), { throwIfNoEntry: false })?.isFile())
      programs.set(name, join(directory, name));
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

/** Prints the first half of what the program prints, of its bytes (`c`) or of its lines (`n`). */
const half = (
  name: string,
  rc: number,
  of: 'c' | 'n' = 'c',
) => `t=${base}/half-$$; PATH=${sound} ${name} "$@" >"$t"; n=$(/usr/bin/wc -${of === 'c' ? 'c' : 'l'} <"$t")
/usr/bin/head -${of} $((n / 2)) "$t"; exit ${rc}`;

const FAULTS: Record<string, ((name: string) => string) | undefined> = {
  missing: undefined,
  killed: () => 'kill -9 $$',
  'half, successful': (name) => half(name, 0),
  'half of its lines, successful': (name) => half(name, 0, 'n'),
  'half, failing': (name) => half(name, 1),
};

/** Half of what these print is a true answer too, and nothing else tells of it. */
const UNNOTICED: Record<string, string> = {
  date: 'half of a number of seconds is a number of seconds',
};

/** The module, whose probe finds `places` elsewhere. */
function placed(module: AnyModule, places: Record<string, string>): AnyModule {
  const probe = (args: never, local: never) => {
    const { stdin, text = '' } = module.probe?.(args, local) ?? {};
    return {
      text: Object.entries(places).reduce((now, [from, to]) => now.replaceAll(from, to), text),
      ...(stdin !== undefined && { stdin }),
    };
  };
  return { ...module, probe } as AnyModule;
}

/** Puts a scenario's own programs in the places of this machine's. */
function bring(own: Record<string, string>, text: (text: string) => string): void {
  for (const [name, body] of Object.entries(own)) {
    rmSync(join(sound, name), { force: true });
    script(join(sound, name), text(body));
    if (!programs.has(name)) symlinkSync(recorder, join(recorded, name));
  }
}

function takeAway(own: Record<string, string>): void {
  for (const name of Object.keys(own)) {
    rmSync(join(sound, name));
    const path = programs.get(name);
    if (path) symlinkSync(path, join(sound, name));
    else rmSync(join(recorded, name));
  }
}

describe.each(scenarios)(
  '$module $args',
  ({ module: name, before, args, local: texts, programs: own = {}, places = {}, unnoticed = {} }) => {
    test('decides the same or fails, whatever becomes of its programs', async () => {
      const host = new LocalHost({ name: 'dash', shell: ['/usr/bin/dash'] });
      const inside = (text: string) => text.replaceAll('DIR', host.directory);
      bring(own, inside);
      try {
        const fill = <T>(value: T) => JSON.parse(inside(JSON.stringify(value))) as T;
        const module = placed((await loadModule(name)) as AnyModule, fill(places));
        expect(host.run({ text: fill(before) })).toMatchObject({ rc: 0 });
        const given = module.args.parse(fill(args)) as never;
        const local = await describeLocal(host.directory, module, texts ?? {});
        const decide = (path: string) => {
          writeFileSync(log, '');
          host.path = path;
          // Without what the state will be: a host that has no stat does not know when a file was changed.
          const { after: _, ...decision } = plain(host.look(module, given, local, false).decision) as Record<
            string,
            unknown
          >;
          return decision;
        };
        const truth = decide(recorded);
        const used = [...new Set(readFileSync(log, 'utf8').split('\n').filter(Boolean))];
        expect(used.length).toBeGreaterThan(0);
        const wrong: Record<string, unknown> = {};
        for (const program of used) {
          for (const [fault, text] of Object.entries(FAULTS)) {
            if (fault.endsWith(', successful') && (program in UNNOTICED || program in unnoticed)) continue;
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
            const right =
              found instanceof Error
                ? found.constructor === Error
                : (found as Decision).kind === 'fail' || isDeepStrictEqual(found, truth);
            if (!right) wrong[`${program} ${fault}`] = found;
          }
        }
        expect(wrong).toEqual({});
      } finally {
        takeAway(own);
        host.close();
      }
    }, 120_000);
  },
);

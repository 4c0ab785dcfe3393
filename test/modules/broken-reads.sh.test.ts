import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnyModule, Decision } from '../../runner/model/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { LocalHost } from './local-host.ts';

/** What a program prints instead, and what the task then says: an error, or what it decides. */
interface Reading {
  what: string;
  module: string;
  args: Record<string, unknown>;
  programs: Record<string, string>;
  /** A part of the error; or the kind of what is decided. */
  gives: RegExp | Decision['kind'];
}

const RPM = 'case $* in *whatprovides*)';
const APT = 'case $1 in policy) printf "foo:\\n  Installed: (none)\\n  Candidate: 2\\n  Version table:\\n";; esac';
const SAVED = 'printf "*filter\\n:INPUT ACCEPT [0:0]\\nCOMMIT\\n"';
const dpkg = (text: string) => ({ 'apt-get': ':', 'apt-cache': APT, 'dpkg-query': text });

const READINGS: Reading[] = [
  {
    what: 'rpm: missing',
    module: 'package',
    args: { name: 'foo', use: 'dnf', state: 'absent' },
    programs: {
      dnf: ':',
      rpm: `${RPM} echo "no package provides foo";; *) echo "package foo is not installed";; esac; exit 1`,
    },
    gives: 'ok',
  },
  {
    what: 'rpm: there',
    module: 'package',
    args: { name: 'foo', use: 'dnf' },
    programs: { dnf: ':', rpm: 'echo "foo|1-2|."' },
    gives: 'ok',
  },
  {
    what: 'rpm: a broken database',
    module: 'package',
    args: { name: 'foo', use: 'dnf' },
    programs: {
      dnf: ':',
      rpm: 'echo "error: cannot open Packages database in /var/lib/rpm" >&2; echo "no package provides foo"; exit 1',
    },
    gives: /cannot open Packages database/,
  },
  {
    what: 'rpm: killed',
    module: 'package',
    args: { name: 'foo', use: 'dnf' },
    programs: { dnf: ':', rpm: 'kill -9 $$' },
    gives: /rpm/,
  },
  {
    what: 'rpm: half',
    module: 'package',
    args: { name: 'foo', use: 'dnf' },
    programs: { dnf: ':', rpm: 'echo "foo|1-"' },
    gives: /incomplete/,
  },
  {
    what: 'dnf: what could be installed cannot be read',
    module: 'package',
    args: { name: 'foo', use: 'dnf', state: 'latest' },
    programs: { dnf: 'echo "Error: database disk image is malformed" >&2; exit 1', rpm: 'echo "foo|1-2|."' },
    gives: /malformed/,
  },
  {
    what: 'dnf: nothing newer',
    module: 'package',
    args: { name: 'foo', use: 'dnf', state: 'latest' },
    programs: { dnf: 'echo "Error: No matching Packages to list" >&2; exit 1', rpm: 'echo "foo|1-2|."' },
    gives: 'ok',
  },
  {
    what: 'apk: missing',
    module: 'package',
    args: { name: 'foo', use: 'apk', state: 'absent' },
    programs: { apk: 'exit 1' },
    gives: 'ok',
  },
  {
    what: 'apk: there',
    module: 'package',
    args: { name: 'foo', use: 'apk' },
    programs: { apk: 'echo foo-1.2-r3' },
    gives: 'ok',
  },
  {
    what: 'apk: a broken database',
    module: 'package',
    args: { name: 'foo', use: 'apk' },
    programs: { apk: 'echo "ERROR: Unable to read database: Bad file" >&2; exit 1' },
    gives: /Unable to read database/,
  },
  {
    what: 'apk: killed',
    module: 'package',
    args: { name: 'foo', use: 'apk' },
    programs: { apk: 'kill -9 $$' },
    gives: /137/,
  },
  {
    what: 'apk: half',
    module: 'package',
    args: { name: 'foo', use: 'apk' },
    programs: { apk: 'echo foo-1' },
    gives: /expected a name with its version/,
  },
  {
    what: 'dpkg: missing',
    module: 'package',
    args: { name: 'foo', use: 'apt', state: 'absent' },
    programs: dpkg(
      'case $* in *foo*) echo "dpkg-query: no packages found matching foo" >&2; exit 1;; *) echo "x=ii |bar||.";; esac',
    ),
    gives: 'ok',
  },
  {
    what: 'dpkg: there',
    module: 'package',
    args: { name: 'foo', use: 'apt' },
    programs: dpkg('echo "x=ii |foo|all|1|."'),
    gives: 'ok',
  },
  {
    what: 'dpkg: a pattern',
    module: 'package',
    args: { name: 'fo*', use: 'apt', state: 'absent' },
    programs: {
      ...dpkg('case $* in *Status*) echo "x=ii |foo|all|1|.";; *) echo foo;; esac'),
      'apt-cache': 'case $1 in pkgnames) echo foo; echo other;; esac',
    },
    gives: 'change',
  },
  {
    what: 'dpkg: nothing at all',
    module: 'package',
    args: { name: 'foo', use: 'apt', state: 'absent' },
    programs: dpkg(':'),
    gives: /did not say how foo is/,
  },
  {
    what: 'dpkg: half a line',
    module: 'package',
    args: { name: 'foo', use: 'apt' },
    programs: dpkg('echo "x=ii |foo|al"'),
    gives: /incomplete/,
  },
  {
    what: 'dpkg: half of what is provided',
    module: 'package',
    args: { name: 'foo', use: 'apt' },
    programs: dpkg(
      'case $* in *foo*) echo "dpkg-query: no packages found matching foo" >&2; exit 1;; *) echo "x=ii |bar|fo";; esac',
    ),
    gives: /incomplete/,
  },
  {
    what: 'apt-cache: half',
    module: 'package',
    args: { name: 'foo', use: 'apt', state: 'latest' },
    programs: { ...dpkg('echo "x=ii |foo|all|1|."'), 'apt-cache': 'printf "foo:\\n  Installed: 1\\n"' },
    gives: /only a part/,
  },
  {
    what: 'hostname: no uname',
    module: 'hostname',
    args: { name: 'a' },
    programs: { uname: 'exit 1' },
    gives: /failed with 1/,
  },
  {
    what: 'modprobe: grep is killed',
    module: 'modprobe',
    args: { name: 'no_such', state: 'absent' },
    programs: { grep: 'kill -9 $$' },
    gives: /grep failed with exit status 137/,
  },
  {
    what: 'wait_for: a killed nc is no closed port',
    module: 'wait_for',
    args: { port: 1, state: 'stopped' },
    programs: { nc: 'kill -9 $$' },
    gives: /nc failed with exit status 137/,
  },
  {
    what: 'wait_for: an nc without -z, and a port that is closed',
    module: 'wait_for',
    args: { port: 1, state: 'stopped' },
    programs: { nc: 'echo "nc: invalid option -- z" >&2; exit 1' },
    gives: 'ok',
  },
  {
    what: 'wait_for: nothing that can try',
    module: 'wait_for',
    args: { port: 1, state: 'stopped' },
    programs: { nc: 'echo "usage: nc" >&2; exit 1', timeout: 'exit 127' },
    gives: /cannot be tried: exit status 127/,
  },
  {
    what: 'iptables: a rule cut in two',
    module: 'iptables',
    args: { chain: 'INPUT', policy: 'ACCEPT' },
    programs: { 'iptables-save': SAVED, iptables: 'printf -- "-P INPUT ACCEPT\\n-A INPUT -s 10."' },
    gives: /only a part of the chain INPUT/,
  },
  {
    what: 'iptables: whole',
    module: 'iptables',
    args: { chain: 'INPUT', policy: 'ACCEPT' },
    programs: { 'iptables-save': SAVED, iptables: 'echo "-P INPUT ACCEPT"' },
    gives: 'ok',
  },
  {
    what: 'iptables: who uses a chain cannot be read',
    module: 'iptables',
    args: { chain: 'XR', chain_management: true, state: 'absent' },
    programs: { 'iptables-save': 'exit 4', iptables: 'case $* in *XR) echo "-N XR";; *) exit 4;; esac' },
    gives: /failed with 4/,
  },
  {
    what: 'ethtool fails',
    module: 'ip_link',
    args: { name: 'lo', offload: { tso: true } },
    programs: { ethtool: 'kill -9 $$' },
    gives: /failed with 1/,
  },
  {
    what: 'ethtool: half',
    module: 'ip_link',
    args: { name: 'lo', offload: { tso: true } },
    programs: { ethtool: 'printf "Features for lo:\\nrx-checksumming: o"' },
    gives: 'fail',
  },
];

describe.each([
  ['dash', ['dash']],
  ['bash', ['bash']],
  ['busybox', ['busybox', 'sh']],
])('%s: a read that fails is not a fact', (name, shell) => {
  let host: LocalHost;
  beforeEach(() => {
    host = new LocalHost({ name, shell });
  });
  afterEach(() => host.close());

  test.each(READINGS)('$what', async ({ module: called, args, programs, gives }) => {
    const bin = join(host.directory, 'programs');
    mkdirSync(bin);
    for (const [program, text] of Object.entries(programs)) {
      writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, program), 0o755);
    }
    const module = (await loadModule(called)) as AnyModule;
    const parsed = module.args.parse(args) as never;
    const probe = module.probe?.(parsed, {});
    const wrapped = {
      ...module,
      probe: () => ({
        ...probe,
        text: `PATH=${bin}:$PATH\n${probe?.tame ? `f() {\n${probe.text}\n}\nf` : probe?.text}`,
      }),
    } as AnyModule;
    const look = () => host.look(wrapped, parsed, {}, false).decision.kind;
    if (gives instanceof RegExp) expect(look).toThrow(gives);
    else expect(look()).toBe(gives);
  });
});

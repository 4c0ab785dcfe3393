import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow } from '../docs/session.ts';
import type { Step } from '../docs/session.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = 65534;

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Folders with nothing in them but packed packages and what those depend on, used by somebody who owns none of them. */
export class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'xrun-package-'));
  /** An empty directory of the user's own. */
  readonly home = join(this.folder, 'home');

  constructor() {
    chmodSync(this.folder, 0o755);
    mkdirSync(this.home);
    if (process.getuid?.() === 0) chownSync(this.home, NOBODY, NOBODY);
  }

  /** Packs a package as for publishing, and puts it into node_modules. Packages it depends on are linked: no network is used. */
  add(source: string): string {
    const [tarball = ''] = execFileSync('npm', ['pack', '--silent', '--pack-destination', this.folder], {
      cwd: source,
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .slice(-1);
    const { name } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string };
    const target = join(this.folder, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', join(this.folder, tarball), '-C', target, '--strip-components=1']);
    const { dependencies = {} } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const each of Object.keys(dependencies))
      symlinkSync(join(root, 'node_modules', each), join(this.folder, 'node_modules', each));
    return target;
  }

  /** Runs a program of Node, in the user's directory unless another is given. */
  node(args: string[], cwd = this.home): Ended {
    const user = process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: this.home },
      encoding: 'utf8',
      ...user,
    });
    return { code: status, stdout, stderr };
  }

  /** The installed command. */
  xrun(...args: string[]): Ended {
    return this.node([join(this.folder, 'node_modules/xrun/bin/xrun.cjs'), ...args]);
  }

  /** Follows a page in an empty directory of the user's. */
  follow(steps: Step[]): ReturnType<typeof follow> {
    const home = join(this.folder, 'reader');
    mkdirSync(home);
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    if (uid !== undefined) chownSync(home, uid, uid);
    return follow(steps, { cwd: home, env: { PATH: `${this.folder}:${process.env.PATH}`, HOME: home }, uid });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

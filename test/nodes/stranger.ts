import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = 65534;
/** Runs a program as nobody, who finds an empty directory where the checkout is. */
const WITHOUT_SOURCE = [
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs -o mode=755 none "$0" && user=$1 && shift && exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"',
  root,
  String(NOBODY),
];

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A user who has nothing of xrun but its tarball. Needs root on Linux. */
export class Stranger {
  readonly home = mkdtempSync(join(tmpdir(), 'xrun-stranger-'));
  /** The package, as it would be published. */
  readonly tarball = join(this.home, 'xrun.tgz');

  constructor() {
    chmodSync(this.home, 0o755);
    mkdirSync(join(this.home, 'work'));
    for (const each of [this.home, join(this.home, 'work')]) chownSync(each, NOBODY, NOBODY);
    const [packed = ''] = execFileSync('npm', ['pack', '--silent', '--pack-destination', tmpdir()], {
      cwd: root,
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .slice(-1);
    copyFileSync(join(tmpdir(), packed), this.tarball);
    rmSync(join(tmpdir(), packed));
  }

  /** Runs a program in the user's empty directory. */
  run(program: string, args: readonly string[]): Ended {
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.home,
      // Where the machine has authorities of its own, npm needs them too.
      NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
      npm_config_update_notifier: 'false', // it tells of new versions of npm on stderr
      npm_config_registry: execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim(),
    };
    const { status, stdout, stderr } = spawnSync('unshare', [...WITHOUT_SOURCE, program, ...args], {
      cwd: join(this.home, 'work'),
      env,
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

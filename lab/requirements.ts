import { access, constants, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './command.ts';
import { LabError } from './error.ts';
import { withLock } from './lock.ts';
import { labsDir } from './paths.ts';

/** Programs and files the lab needs, and the Debian package each is in. */
export const LAB_PROGRAMS = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  flock: 'util-linux',
  unshare: 'util-linux',
  mount: 'mount',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
} as const;

/** What hosts with a kernel of their own need besides. */
export const UML_PROGRAMS = { 'linux.uml': 'user-mode-linux', mke2fs: 'e2fsprogs', debugfs: 'e2fsprogs' } as const;

const otherwise =
  'with real hosts no lab is needed: see inventory/prod.yml, and run xrun PLAYBOOK -i inventory/prod.yml';

/** Throws LabError, in one line, where no lab can be: not Linux, or not root. */
export function requireRootOnLinux(): void {
  if (process.platform !== 'linux')
    throw new LabError(`the lab needs Linux, this is ${process.platform}; ${otherwise}`);
  if (process.getuid?.() !== 0)
    throw new LabError(`the lab needs root (it makes network namespaces and mounts); ${otherwise}`);
}

/** Installs, with apt, the packages of programs and files that are missing here. Throws LabError where that cannot be. */
export async function ensurePrograms(
  wanted: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<void> {
  const missing = await missingPackages(wanted);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  if (!(await isHere('apt-get')))
    throw new LabError(`${names} must be installed, and apt is not available here to do so`);
  if (process.getuid?.() !== 0)
    throw new LabError(`${names} must be installed, which takes root: apt-get install ${missing.join(' ')}`);
  // Tests and the images of their hosts are made ready side by side, and apt does not wait for another of its kind.
  await withLock(join(labsDir, 'apt.lock'), async () => install(await missingPackages(wanted), progress));
}

async function missingPackages(wanted: Readonly<Record<string, string>>): Promise<string[]> {
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(wanted)) if (!(await isHere(program))) missing.add(name);
  return [...missing];
}

async function install(packages: readonly string[], progress: (line: string) => void): Promise<void> {
  if (packages.length === 0) return;
  progress(`installing ${packages.join(', ')}`);
  if (await listsAreOld()) await run(['apt-get', '-qq', 'update']);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=600', 'install', '-y', '--no-install-recommends'];
  await run([...apt, ...packages], { env });
}

/** A program by its name, or a file by its path. */
async function isHere(program: string): Promise<boolean> {
  if (program.startsWith('/')) return exists(program);
  const dirs = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const dir of dirs) if (await exists(join(dir, program), constants.X_OK)) return true;
  return false;
}

/** apt's package lists age: after a day a mirror may have removed the files they name. */
async function listsAreOld(): Promise<boolean> {
  const dir = '/var/lib/apt/lists';
  const lists = (await readdir(dir).catch(() => [])).filter((name) => name.includes('_Packages'));
  const ages = await Promise.all(lists.map(async (name) => Date.now() - (await stat(join(dir, name))).mtimeMs));
  return ages.length === 0 || Math.min(...ages) > 24 * 3600 * 1000;
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

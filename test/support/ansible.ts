import { constants } from 'node:fs';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run } from '../../lab/command.ts';

const quiet = { DEBIAN_FRONTEND: 'noninteractive' };

/** Installs Debian's ansible-core where there is no ansible-playbook. It is for comparing only: xrun needs none of it. */
export async function ensureAnsible(): Promise<void> {
  if (
    await access('/usr/bin/ansible-playbook', constants.X_OK).then(
      () => true,
      () => false,
    )
  )
    return;
  await run(['apt-get', '-qq', 'update']);
  await run(['apt-get', '-qq', 'install', '-y', '--no-install-recommends', 'ansible-core'], { env: quiet });
}

/** The packages that Ansible's modules for packages want on a Debian host, each in base64: the host reaches no mirror. */
export async function packagesForAnsible(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'xrun-debs-'));
  const fetched = [
    'sh',
    '-c',
    'cd "$1" && apt-get -qq download python3-apt python-apt-common distro-info-data',
    'sh',
    directory,
  ];
  try {
    if ((await attempt(fetched)).code !== 0) {
      await run(['apt-get', '-qq', 'update']);
      await run(fetched);
    }
    return await Promise.all((await readdir(directory)).map((file) => readFile(join(directory, file), 'base64')));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Runs ansible-playbook in a directory; resolves whatever its exit code. */
export function ansiblePlaybook(directory: string, args: readonly string[]) {
  const env = { ANSIBLE_NOCOLOR: '1', ANSIBLE_PIPELINING: '1', ANSIBLE_DEPRECATION_WARNINGS: '0', ANSIBLE_FORKS: '5' };
  return attempt(['sh', '-c', 'cd "$1" && shift && exec ansible-playbook "$@"', 'sh', directory, ...args], { env });
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { attempt, run } from '../../lab/command.ts';

/** Installs Debian's ansible-core where there is no ansible-playbook. It is for comparing only: xrun needs none of it. */
export async function ensureAnsible(): Promise<void> {
  if (await access('/usr/bin/ansible-playbook', constants.X_OK).then(() => true, () => false)) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', '-qq', 'update']);
  await run(['apt-get', '-qq', 'install', '-y', '--no-install-recommends', 'ansible-core'], { env });
}

/** Runs ansible-playbook in a directory; resolves whatever its exit code. */
export function ansiblePlaybook(directory: string, args: readonly string[]) {
  const env = { ANSIBLE_NOCOLOR: '1', ANSIBLE_PIPELINING: '1', ANSIBLE_DEPRECATION_WARNINGS: '0', ANSIBLE_FORKS: '5' };
  return attempt(['sh', '-c', 'cd "$1" && shift && exec ansible-playbook "$@"', 'sh', directory, ...args], { env });
}

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a project of one role: its repository, those of the directory that it names, and a playbook, which is the one of
 * its own tests where it has one: that has values for what the role asks for.
 *
 * @param dir the directory of repositories, OWNER+REPOSITORY
 * @param role the name of one
 * @param to a new directory
 */
export function makeProject(dir: string, role: string, to: string): void {
  const repositories = readdirSync(dir);
  const own = aliases(role);
  const converge = join(dir, role, 'molecule/default/converge.yml');
  const text = existsSync(converge)
    ? readFileSync(converge, 'utf8').replaceAll('../../../', own[0]).replaceAll('../../..', own[0])
    : `- hosts: all\n  become: true\n  roles:\n    - ${own[0]}\n`;
  mkdirSync(join(to, 'roles'), { recursive: true });
  writeFileSync(join(to, 'site.yml'), text);
  addRoles(text);

  /** Adds every repository that a text names, and what those name as dependencies. */
  function addRoles(mentioning: string): void {
    for (const repository of repositories) {
      const name = aliases(repository).find((alias) => namesIn(mentioning).has(alias));
      const target = join(to, 'roles', name ?? '');
      if (!name || existsSync(target)) continue;
      cpSync(join(dir, repository), target, { recursive: true, dereference: true });
      const meta = join(target, 'meta/main.yml');
      if (existsSync(meta)) addRoles(readFileSync(meta, 'utf8').split(/^dependencies:/m)[1] ?? '');
    }
  }
}

/** What playbooks call the role of a repository: geerlingguy.git, ansible-role-git. */
function aliases(repository: string): [string, ...string[]] {
  const [owner = '', name = repository] = repository.split('+');
  return [`${owner}.${name.replace(/^ansible-(role-)?/, '')}`, name];
}

function namesIn(text: string): Set<string> {
  return new Set(text.match(/[\w.-]+/g));
}

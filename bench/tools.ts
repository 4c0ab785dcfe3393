import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Access, Arena } from './arena.ts';
import { buildPipelined } from './build.ts';
import type { Command } from './measure.ts';
import { MITOGEN_STRATEGY } from './requirements.ts';
import { largeFile, playbook, script } from './workload.ts';
import type { Workload } from './workload.ts';

export const TOOLS = ['script', 'ssh2', 'xrun', 'mitogen', 'pipelining', 'ansible'] as const;
export type ToolName = (typeof TOOLS)[number];

/** What each is, for people. */
export const TOOL_NAMES: Record<ToolName, string> = {
  script: 'OpenSSH, one script a host',
  ssh2: 'ssh2, one shell a host, pipelined',
  xrun: 'xrun',
  mitogen: 'Ansible, Mitogen',
  pipelining: 'Ansible, pipelining',
  ansible: 'Ansible, as it comes',
};

/** Hosts at a time, for every tool. */
export const FORKS = 50;

const root = fileURLToPath(new URL('..', import.meta.url));

/** One tool's way to give a workload to the first `count` hosts; `clean` undoes what a run leaves on this machine. */
export interface Prepared {
  command: Command;
  clean?(): void;
}

/** Writes what the tool reads. */
export async function prepare(
  tool: ToolName,
  workload: Workload,
  count: number,
  arena: Arena,
  access: Access,
): Promise<Prepared> {
  const cwd = join(arena.dir, tool);
  mkdirSync(cwd, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(cwd, name), text);
    return join(cwd, name);
  };
  switch (tool) {
    case 'script':
      if (workload === 'large') return { command: { cwd, argv: scpCommand(count, arena, access) } };
      return { command: { cwd, argv: scriptCommand(write(`${workload}.sh`, script(workload)), count, arena, access) } };
    case 'ssh2':
      return {
        command: {
          cwd,
          argv: [
            process.execPath,
            await buildPipelined(),
            workload,
            arena.root,
            access.list(count),
            access.keyFile,
            access.knownHosts,
            String(FORKS),
          ],
        },
      };
    case 'xrun': {
      const book = write(`${workload}.yml`, playbook(workload, arena.root));
      const argv = [
        process.execPath,
        ...xrunFlags(),
        join(root, 'bin/xrun.js'),
        book,
        '-i',
        access.inventory(count),
        '--private-key',
        access.keyFile,
        '--known-hosts',
        access.knownHosts,
        '--forks',
        String(FORKS),
      ];
      return { command: { cwd, argv } };
    }
    default:
      return ansible(tool, write(`${workload}.yml`, playbook(workload, arena.root)), count, arena, access);
  }
}

/** Flags for the node that runs xrun (`--cpu-prof`), from XRUN_BENCH_NODE. */
function xrunFlags(): string[] {
  return (process.env.XRUN_BENCH_NODE ?? '').split(' ').filter(Boolean);
}

/** `exec`, lest a second shell a host is paid for. */
function scriptCommand(file: string, count: number, arena: Arena, access: Access): string[] {
  const one = `exec ssh -F ${access.sshConfig} "$0" "h=$0 root=${arena.root} sh -s" <${file}`;
  return ['sh', '-c', `cut -d' ' -f1 ${access.list(count)} | xargs -P ${FORKS} -n 1 sh -c '${one}'`];
}

function scpCommand(count: number, arena: Arena, access: Access): string[] {
  const one = `exec scp -q -F ${access.sshConfig} ${largeFile(arena.root)} "$0:${arena.root}/$0"`;
  return ['sh', '-c', `cut -d' ' -f1 ${access.list(count)} | xargs -P ${FORKS} -n 1 sh -c '${one}'`];
}

/** The sockets of ControlPersist are left in a directory of the run's own: no run finds those of another. */
function ansible(tool: ToolName, book: string, count: number, arena: Arena, access: Access): Prepared {
  const cwd = join(arena.dir, tool);
  const sockets = join(cwd, 'cp');
  // The user's own does not count.
  const config = join(cwd, 'ansible.cfg');
  writeFileSync(config, '');
  const env = {
    ANSIBLE_CONFIG: config,
    ANSIBLE_HOME: join(cwd, 'home'),
    ANSIBLE_REMOTE_TMP: join(cwd, 'remote'),
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
    ANSIBLE_SSH_COMMON_ARGS: `-F ${access.sshConfig}`,
    ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=15s',
    ANSIBLE_FORKS: String(FORKS),
    ANSIBLE_PIPELINING: tool === 'pipelining' ? 'true' : 'false',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    PATH: `/usr/bin:${process.env.PATH}`,
    ...(tool === 'mitogen' && { ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: MITOGEN_STRATEGY }),
  };
  const argv = ['ansible-playbook', '-i', access.inventory(count), book];
  return { command: { cwd, argv, env }, clean: () => rmSync(sockets, { recursive: true, force: true }) };
}

/** What one connection variable says. */
export interface ConnectionVariable {
  /** Without `xrun_`. */
  name: string;
  summary: string;
  /** Other names, complete: Ansible's. */
  aliases: readonly string[];
}

/** Every variable that says how to log in and become another user. `ansible_NAME` is an alias of each. */
export const connectionVariables: readonly ConnectionVariable[] = [
  variable('host', 'Address or name to connect to; the name in the inventory where not given.', 'ssh_host'),
  variable('port', 'Port of sshd; 22 where neither this nor the SSH configuration says otherwise.', 'ssh_port'),
  variable('user', 'Who to log in as.', 'ssh_user'),
  variable('password', 'Password to log in with; better in a vault.', 'ssh_pass', 'ssh_password'),
  variable('private_key_file', 'Private key; relative to the file that says so.', 'ssh_private_key_file'),
  variable('private_key_passphrase', 'Passphrase of the private key; better in a vault.'),
  variable('connection', '`ssh`, or `local` for the controller itself.'),
  variable('connect_timeout', 'Seconds until a host counts as unreachable.', 'timeout', 'ssh_timeout'),
  variable('known_hosts_file', "File of known host keys, instead of the user's; relative to the file that says so."),
  variable('host_keys', '`strict` refuses unknown host keys, `accept-new` records them.'),
  variable('host_key_checking', 'false is `host_keys: accept-new`, true is `strict`.', 'ssh_host_key_checking'),
  variable('ssh_config_file', 'OpenSSH configuration to read; relative to the file that says so.'),
  variable('forward_agent', 'Whether the SSH agent is forwarded.'),
  variable('become', 'Whether to become another user.'),
  variable('become_user', 'Who to become; root where not given.'),
  variable('become_method', '`sudo`, `su` or `doas`.'),
  variable(
    'become_password',
    'Password that sudo, su or doas asks for; better in a vault.',
    'become_pass',
    'sudo_pass',
  ),
];

/** Every spelling, by the name xrun has for it. */
const spellings = new Map<string, string[]>(
  connectionVariables.map(({ name, aliases }) => [
    `xrun_${name}`,
    [name, ...aliases].flatMap((spelling) => [`ansible_${spelling}`, `xrun_${spelling}`]),
  ]),
);
const canonical = new Map([...spellings].flatMap(([name, all]) => all.map((spelling) => [spelling, name] as const)));

/** `xrun_user` for `ansible_user` and `ansible_ssh_user`; any other name as it is. */
export function canonicalName(name: string): string {
  return canonical.get(name) ?? name;
}

/** Every way to write a name: the name itself, or all the aliases of a connection variable. */
export function namesOf(name: string): readonly string[] {
  return spellings.get(canonicalName(name)) ?? [name];
}

/** Whether a name is one of the connection variables, in any spelling. */
export function isConnectionVariable(name: string): boolean {
  return canonical.has(name);
}

function variable(name: string, summary: string, ...aliases: string[]): ConnectionVariable {
  return { name, summary, aliases };
}

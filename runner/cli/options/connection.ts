import type { ConnectionOptions } from '../../api/index.ts';
import type { ConnectionFlags } from './flags.ts';
import type { Io } from '../io.ts';
import { question } from '../prompts/question.ts';

/** How to log in, from the options; asks for the passwords that are needed. */
export async function connectionOptions(flags: ConnectionFlags, io: Io): Promise<ConnectionOptions> {
  const password = flags.askPass ? await question(io, 'SSH password: ', true) : undefined;
  const becomePassword = flags.askBecomePass ? await becomeAnswer(io, password) : undefined;
  return {
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.privateKey !== undefined && { privateKeyFile: flags.privateKey }),
    ...(password !== undefined && { password }),
    ...(flags.become && { become: true }),
    ...(flags.becomeUser !== undefined && { becomeUser: flags.becomeUser }),
    ...(flags.becomeMethod !== undefined && { becomeMethod: flags.becomeMethod }),
    ...(becomePassword !== undefined && { becomePassword }),
    ...(flags.sshConfig !== undefined && { sshConfigFile: flags.sshConfig }),
    ...(flags.knownHosts !== undefined && { knownHostsFile: flags.knownHosts }),
    hostKeys: flags.acceptNew ? 'accept-new' : 'strict',
    ...(flags.timeout !== undefined && { connectTimeoutMs: flags.timeout * 1000 }),
  };
}

/** An empty answer means the SSH password, as in Ansible. */
async function becomeAnswer(io: Io, sshPassword: string | undefined): Promise<string> {
  const preset = sshPassword === undefined ? '' : ' [the SSH password]';
  const answer = await question(io, `Password to become another user${preset}: `, true);
  return answer === '' && sshPassword !== undefined ? sshPassword : answer;
}

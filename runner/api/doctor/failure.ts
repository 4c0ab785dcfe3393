import type { Failure } from '../../model/events.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';

/** What a host that could not be asked is wrong with, by the code of the error and its words, and what to do. */
const CAUSES: { code: string; words?: RegExp; check: string; fix: string }[] = [
  {
    code: 'E_UNREACHABLE',
    words: /name cannot be resolved/,
    check: 'dns',
    fix: 'Correct the name in the inventory, or give its address: `xrun_host: 192.0.2.1`.',
  },
  {
    code: 'E_UNREACHABLE',
    words: /connection refused/,
    check: 'reachable',
    fix: 'Start sshd on the host, or give its port: `xrun_port: 2222`.',
  },
  {
    code: 'E_UNREACHABLE',
    words: /no answer|no route|host is down/,
    check: 'reachable',
    fix: 'Is the host up, and do firewalls let its SSH port through? `--timeout` waits longer.',
  },
  {
    code: 'E_AUTH',
    check: 'login',
    fix: 'Give the user (`--user`), a key (`--private-key`, `ssh-copy-id`, `ssh-add`) or the password (`--ask-pass`).',
  },
  { code: 'E_KEY_FILE', check: 'keys', fix: 'Name another key with `--private-key`.' },
  { code: 'E_HOST_KEY', check: 'known_hosts', fix: '`--accept-new` takes the keys of new hosts.' },
  { code: 'E_BECOME', check: 'become', fix: 'Look at the rules of sudoers on the host.' },
  { code: 'E_SSH_CONFIG', check: 'ssh_config', fix: '`ssh -G HOST` shows what OpenSSH reads.' },
  { code: 'E_UNREACHABLE', check: 'login', fix: '`ssh -v HOST` shows how far a log-in comes.' },
];

/** The finding for a host that could not run the probe. */
export function failureFinding({ code, message, hint, stderr }: Failure): Finding {
  const cause = CAUSES.find((each) => each.code === code && (each.words?.test(message) ?? true));
  const said = stderr?.trim() ? `${message}: ${stderr.trim()}` : message;
  return broken(
    cause?.check ?? 'sh',
    said,
    hint ?? cause?.fix ?? 'Run `sh -c true` there, and look at the start-up files of the login shell.',
  );
}

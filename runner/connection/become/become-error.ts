import { XrunError } from '../../diagnostics/errors.ts';
import type { ChannelEnd } from '../../model/transport/transport.ts';
import type { Become } from '../../model/transport/host-shell.ts';

const ASK = 'Give it with `-K`/`--ask-become-pass` or the variable become_password.';

/**
 * Why another user could not be become. `text`: what the command wrote to its errors; `end`: how it ended, where it
 * did; `password`: what is wrong with the password, where that is known.
 */
export function becomeError(become: Become, text: string, end?: ChannelEnd, password?: 'wanted' | 'wrong'): XrunError {
  const what = `${become.method} to ${become.user}`;
  const said = text.replace(/\s+/g, ' ').trim();
  if (end?.kind === 'lost') return new XrunError('E_UNREACHABLE', end.message);
  if (become.method === 'doas' && /authentication required/i.test(said)) {
    return new XrunError('E_BECOME', `${what} needs a password, which doas reads from a terminal only`, {
      hint: 'Give the user a rule with nopass in doas.conf, or use sudo or su.',
    });
  }
  if (password === 'wanted' || /password is required|authorization required|a terminal is required/i.test(said)) {
    return become.password === undefined
      ? new XrunError('E_BECOME', `${what} needs a password`, { hint: ASK })
      : new XrunError('E_BECOME', `${what} failed: ${said}`);
  }
  if (password === 'wrong' || /incorrect password|authentication failure|try again|permission denied/i.test(said)) {
    return new XrunError('E_BECOME', `${what} failed: wrong password${said ? ` (${said})` : ''}`, { hint: ASK });
  }
  if (end?.kind === 'exit' && end.code === 127) {
    return new XrunError('E_BECOME', `${become.method} is not installed on the host${said ? ` (${said})` : ''}`);
  }
  if (!end) return new XrunError('E_BECOME', `${what} did not answer${said ? `; it said: ${said}` : ''}`);
  const how = end.kind === 'exit' ? `exit status ${end.code}` : `signal ${end.signal}`;
  return new XrunError('E_BECOME', `${what} failed: ${said || how}`);
}

import { describe, expect, test } from 'vitest';
import { failureFinding } from '../../runner/api/doctor/failure.ts';
import { nodeFinding } from '../../runner/api/doctor/node.ts';
import { probeFindings } from '../../runner/api/doctor/probe.ts';

const df = (free: string) => `disk=/dev/sda 1 41152736 8123456 ${free} 21% /var/tmp`;
/** What a good host prints, some lines replaced. */
function answer(lines: Record<string, string> = {}): string {
  const good = {
    time: 'time=1000',
    user: 'user=1000 ann',
    temporary: 'temporary=/var/tmp',
    disk: df('33029280'),
    sudo: 'sudo=free',
    docker: 'docker=27.1.1',
    end: 'end=',
  };
  return Object.values({ ...good, ...lines }).join('\n');
}
const span = { from: 999.5, to: 1001.2 };
const found = (lines: Record<string, string>, at = span) =>
  probeFindings(answer(lines), at)
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, message, fix }) => ({ is: `${status} ${check}: ${message}`, fix: fix ?? '' }));

test('a good host', () => {
  expect(probeFindings(answer(), span).map(({ status, message }) => `${status} ${message}`)).toEqual([
    'ok ann, who becomes root by sudo without a password',
    'ok its clock is right',
    'ok 31 GiB free in /var/tmp',
    'ok Docker 27.1.1',
  ]);
  expect(found({ user: 'user=0 root', sudo: '', docker: '' })).toEqual([]);
});

test.each([
  [
    { sudo: '' },
    'warning become: ann is not root, and there is no sudo: tasks with `become` fail',
    '--become-method su',
  ],
  [{ sudo: 'sudo=sudo: a password is required' }, 'sudo: a password is required', '--ask-become-pass'],
  [{ sudo: 'doas=free' }, 'warning become: ann becomes root by doas only', '--become-method doas'],
  [{ sudo: 'sudo=', user: 'user=1000' }, 'warning become: 1000 cannot become root without a password', 'NOPASSWD'],
  [{ disk: df('9000') }, 'failed disk: only 8 MiB free in /var/tmp', 'Free space'],
  [{ disk: df('100000') }, 'warning disk: only 97 MiB free in /var/tmp', 'Free space'],
  [{ disk: `disk=map auto home ${df('9000').slice(5)}` }, 'failed disk: only 8 MiB free', 'Free space'],
  [{ temporary: 'unwritable=/x' }, 'failed disk: the user may not write to /x', 'chmod 1777 /x'],
  [
    { docker: 'dockerless=permission denied while trying to connect' },
    'warning docker: Docker is installed',
    'group docker',
  ],
  [
    { docker: 'dockerless=Cannot connect to the Docker daemon ' },
    'does not answer: Cannot connect',
    'systemctl start docker',
  ],
  [{ time: 'time=' }, 'warning clock: its `date` does not know the time', 'coreutils'],
  [{ end: '' }, 'failed sh: its sh did not run the whole of a short script', 'login shell'],
])('%j', (lines, is, fix) => {
  expect(found(lines)).toEqual([
    { is: expect.stringContaining(is) as string, fix: expect.stringContaining(fix) as string },
  ]);
});

test.each([
  [{ from: 900, to: 902 }, "warning clock: its clock is 98 s ahead of this machine's"],
  [{ from: 1100, to: 1101 }, "warning clock: its clock is 100 s behind this machine's"],
])('a clock that differs by more than the probe took: %j', (at, is) => {
  expect(found({}, at)).toEqual([{ is, fix: expect.stringContaining('NTP') as string }]);
});

test('what is not known of the disk is no fault', () => expect(found({ disk: 'disk=' })).toEqual([]));

describe('a host that cannot be asked', () => {
  test.each([
    ['E_UNREACHABLE', 'web9 port 22: the name cannot be resolved', 'dns', 'xrun_host'],
    ['E_UNREACHABLE', 'web9 port 22: connection refused (127.0.0.1)', 'reachable', 'xrun_port'],
    ['E_UNREACHABLE', 'web9 port 22: no answer within 10 s', 'reachable', 'firewalls'],
    ['E_UNREACHABLE', 'web9 port 22: the host hung up during the log-in', 'login', 'ssh -v'],
    ['E_AUTH', 'web9 port 22 refused the log-in of ann', 'login', 'ssh-copy-id'],
    ['E_SH', 'no shell', 'sh', 'login shell'],
  ])('%s %s', (code, message, check, fix) => {
    expect(failureFinding({ code, message })).toEqual({
      check,
      status: 'failed',
      message,
      fix: expect.stringContaining(fix) as string,
    });
  });

  test('the hint of the error is the fix, where there is one', () => {
    const error = { code: 'E_BECOME', message: 'sudo to root needs a password', hint: 'Give it with `-K`.' };
    expect(failureFinding(error)).toMatchObject({ check: 'become', fix: 'Give it with `-K`.' });
  });
});

test.each([
  ['22.3.0', 'ok', 'Node.js 22.3.0'],
  ['20.20.0', 'warning', 'Node.js 20.20.0 gets no security fixes since 2026-04-30'],
  ['23.1.0', 'warning', 'Node.js 23.1.0 is not a long-term release'],
  ['28.0.0', 'ok', 'Node.js 28.0.0'],
])('Node.js %s in December 2026: %s', (version, status, message) => {
  expect(nodeFinding(version, '2026-12-01')).toMatchObject({ check: 'node', status, message });
  if (status === 'warning') expect(nodeFinding(version, '2026-12-01').fix).toContain('Node.js 24 or 26');
});

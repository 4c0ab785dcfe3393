import type { Returns } from '../../model/module.ts';

/** Of modules that run a command of the user's. */
export const COMMAND_RETURNS: Returns = {
  rc: 'The exit status.',
  stdout: 'What it printed.',
  stdout_lines: 'The same, a line each.',
  stderr: 'Its errors.',
  stderr_lines: 'The same, a line each.',
  cmd: 'What was run.',
};

/** Of modules that write a file. */
export const FILE_RETURNS: Returns = {
  dest: 'The path of the file.',
  checksum: 'The checksum of its content.',
  mode: 'Its permissions, as `0644`.',
  owner: 'The name of its owner.',
  group: 'The name of its group.',
  uid: 'Its owner as a number.',
  gid: 'Its group as a number.',
  size: 'Its size in bytes.',
  state: '`file`, `directory`, `link` or `absent`.',
  backup_file: 'Where the old content was kept, with `backup`.',
};

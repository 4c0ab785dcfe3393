/** Keywords of Ansible's that xrun has not, each with what to do instead. */
export const unsupported: Readonly<Record<string, string>> = {
  become_exe: 'Set the PATH of the login user instead.',
  become_flags: 'Use become_user and environment: sudo is always called without custom flags.',
  debugger: 'Use `--step`, or a block with rescue.',
  fact_path: 'Read them with slurp or command: facts of files are not gathered.',
  gather_subset: 'Remove the line: facts are gathered when something reads them.',
  gather_timeout: 'Remove the line: facts are gathered when something reads them.',
  include: 'Use include_tasks or import_tasks.',
  static: 'Use import_tasks for what is fixed, include_tasks for what is not.',
  with_lines: 'Run the command with register, then loop over its stdout_lines.',
};

/** Keywords of Ansible's that change nothing here; they are accepted and ignored. */
export const ignored: ReadonlySet<string> = new Set(['collections']);

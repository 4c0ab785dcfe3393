/** Keywords of Ansible's that xrun has not, each with what to do instead. */
export const unsupported: Readonly<Record<string, string>> = {
  become_exe: 'set the PATH of the login user instead',
  become_flags: 'sudo is always called without flags of yours; use become_user and environment',
  debugger: 'use --step, or a block with rescue',
  fact_path: 'facts of files are not gathered; read them with slurp or command',
  gather_subset: 'facts are gathered when something reads them; remove the line',
  gather_timeout: 'facts are gathered when something reads them; remove the line',
  include: 'use include_tasks or import_tasks',
  static: 'use import_tasks for what is fixed, include_tasks for what is not',
  with_fileglob: 'use find, or loop over a list',
  with_first_found: 'use a list of file names in vars_files, or include_vars with when',
  with_flattened: 'use with_items, or loop over a list',
  with_indexed_items: 'use loop with loop_control: index_var',
  with_nested: 'use a block with a loop around a task with a loop',
  with_random_choice: 'use loop over a list',
  with_sequence: 'use loop over a list',
  with_subelements: 'use a block with a loop around a task with a loop',
  with_together: 'use loop over a list of mappings',
  with_lines: 'run the command with register, then loop over its stdout_lines',
};

/** Keywords of Ansible's that change nothing here; they are taken and left aside. */
export const ignored: ReadonlySet<string> = new Set(['collections']);

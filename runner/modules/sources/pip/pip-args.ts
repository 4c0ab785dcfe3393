import * as z from 'zod';
import { splitProblem } from '../../../model/words.ts';
import { flag, homePath, path, text } from '../../../model/arguments/scalars.ts';
import { parseRequirement, requirementList } from './requirement.ts';

const words = z.string().refine((line) => splitProblem(line) === undefined, 'expected words as a shell splits them');

const names = z
  .union([text.transform((one) => one.split(',')), z.array(text)], 'expected names of packages')
  .transform(requirementList);

/** The arguments of pip. */
export const pipArgs = z
  .strictObject({
    name: names
      .optional()
      .describe('Packages: names with or without versions (`django>=4,<5`), URLs, or paths of archives on the host.'),
    requirements: homePath.optional().describe('A requirements file on the host; relative to `chdir`.'),
    version: text.optional().describe('The version of the one package in `name`.'),
    state: z
      .enum(['present', 'absent', 'latest', 'forcereinstall'])
      .default('present')
      .describe('Whether the packages are installed; `latest`: at the newest version that pip finds.'),
    virtualenv: homePath
      .optional()
      .describe('Directory of a virtual environment, made where it does not exist; relative to `chdir`.'),
    virtualenv_command: words
      .optional()
      .describe('The command that makes it; by default virtualenv, or `python3 -m venv` where the host has none.'),
    virtualenv_python: text.optional().describe('The Python of the virtual environment, for virtualenv: `python3.11`.'),
    virtualenv_site_packages: flag
      .default(false)
      .describe('The virtual environment sees the packages of the host, too.'),
    executable: text.optional().describe('The pip to use: a name or a path.'),
    extra_args: words.optional().describe('More options for pip: `--no-cache-dir`.'),
    editable: flag.default(false).describe('Install a project so that it is used from where it is.'),
    chdir: path.optional().describe('Directory to run in; by default /tmp.'),
    umask: z
      .string()
      .regex(/^[0-7]{1,4}$/, "expected an octal mask such as '0022'")
      .optional()
      .describe('The umask to install with, in quotes.'),
    break_system_packages: flag
      .default(false)
      .describe('Change a Python that the distribution manages (PEP 668) all the same.'),
  })
  .refine(({ name, requirements }) => (name === undefined) !== (requirements === undefined), {
    message: 'expected name or requirements, and not both',
  })
  .refine(({ executable, virtualenv }) => executable === undefined || virtualenv === undefined, {
    message: 'executable and virtualenv exclude each other: a virtual environment has its own pip',
    path: ['executable'],
  })
  .refine(({ state, version }) => state !== 'latest' || version === undefined, {
    message: 'version and state: latest exclude each other',
    path: ['version'],
  })
  .refine(
    ({ name = [], version }) => version === undefined || (name.length === 1 && !parseRequirement(name[0]!).range),
    {
      message: 'version is for one package without a version of its own; write the versions in name: `django==4.2`',
      path: ['version'],
    },
  );

export type PipArgs = z.output<typeof pipArgs>;

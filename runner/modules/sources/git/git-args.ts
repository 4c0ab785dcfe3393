import * as z from 'zod';
import { splitProblem } from '../../../model/words.ts';
import { flag, homePath, path, text, whole } from '../../../model/arguments/scalars.ts';

const plainName = z.string().regex(/^[^-\s][^\s]*$/, 'expected a name without blanks that does not begin with -');

/** The arguments of git. */
export const gitArgs = z
  .strictObject({
    repo: z
      .string()
      .regex(/^[^-]/, 'expected the address of a repository')
      .describe(
        'Address of the repository: ssh, https, or a path on the host. A password in it reaches neither a command line nor the working copy.',
      ),
    dest: path.optional().describe('Directory of the working copy; needed unless `clone` is false.'),
    version: text
      .pipe(plainName)
      .default('HEAD')
      .describe(
        'Branch, tag or commit (all 40 digits). HEAD: the branch that is checked out, at first the default one.',
      ),
    remote: plainName.default('origin').describe('Name of the remote.'),
    refspec: text.optional().describe('Another reference to fetch, such as `refs/pull/7/head`.'),
    depth: whole.optional().describe('Fetch only so many commits; at least 1.'),
    force: flag.default(false).describe('Throw away what was changed by hand in the working copy.'),
    clone: flag.default(true).describe('Make the working copy where there is none.'),
    update: flag.default(true).describe('Bring a working copy that is there to `version`.'),
    bare: flag.default(false).describe('A repository without a working copy.'),
    recursive: flag.default(true).describe('Submodules, too.'),
    track_submodules: flag.default(false).describe('Submodules at the newest commit of their branches.'),
    single_branch: flag.default(false).describe('Clone only the history of `version`.'),
    reference: homePath.optional().describe('A repository on the host to take what it has from.'),
    separate_git_dir: path.optional().describe('Directory for the repository itself, beside the working copy.'),
    verify_commit: flag.default(false).describe('Refuse a commit or tag without a good signature.'),
    key_file: homePath.optional().describe('Private key for ssh, on the host.'),
    ssh_opts: z
      .string()
      .refine((line) => splitProblem(line) === undefined, 'expected words as a shell splits them')
      .optional()
      .describe('More options for ssh.'),
    accept_hostkey: flag.default(false).describe('Take any host key of the server, a changed one too.'),
    accept_newhostkey: flag.default(false).describe('Take the host key of a server that is not known yet.'),
    executable: path.optional().describe('Path of git.'),
    umask: z
      .string()
      .regex(/^[0-7]{1,4}$/, "expected an octal mask such as '0022'")
      .optional()
      .describe('The umask for what is written, in quotes.'),
  })
  .refine(({ dest, clone }) => dest !== undefined || !clone, {
    message: 'expected dest, or clone: false',
    path: ['dest'],
  })
  .refine(({ depth = 1 }) => depth > 0, { message: 'expected at least 1', path: ['depth'] });

export type GitArgs = z.output<typeof gitArgs>;

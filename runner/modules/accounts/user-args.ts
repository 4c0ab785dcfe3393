import * as z from 'zod';
import { absolutePath, flag, text, whole, words } from '../../model/arguments/scalars.ts';
import { accountName } from './name.ts';
import { withoutSlash } from './account-state.ts';
import { sshKeyArgs } from './ssh-key.ts';

const field = text.refine((value) => !/[:\n]/.test(value), 'neither a colon nor a line break can stand in /etc/passwd');

/** What a task says of a user. */
export const userArgs = z
  .strictObject({
    name: accountName('user').optional().describe('Name of the user; `user` is another word for it.'),
    user: accountName('user').optional().describe('The same as `name`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a user.'),
    uid: whole.optional().describe('Number of the user.'),
    non_unique: flag.default(false).describe('Let `uid` be one that another user has.'),
    group: text
      .optional()
      .describe('Name or number of the primary group. Where not given, a new user gets a group of the same name.'),
    groups: words.optional().describe('The other groups to be in; an empty list: none.'),
    append: flag.default(false).describe('Stay in groups that `groups` does not name.'),
    comment: field.optional().describe('Who or what this is, the GECOS field.'),
    home: absolutePath
      .refine((value) => !/[:\n]/.test(value), 'neither a colon nor a line break can stand in /etc/passwd')
      .transform(withoutSlash)
      .optional()
      .describe('Home directory.'),
    create_home: flag
      .optional()
      .describe(
        'Make the home directory where it is missing; true where not given. `createhome` is another word for it.',
      ),
    createhome: flag.optional().describe('The same as `create_home`.'),
    umask: z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((value) => /^0?[0-7]{3}$/.test(value), 'expected a umask like 027')
      .optional()
      .describe('Rights that a new home directory does not get.'),
    move_home: flag.default(false).describe('Where `home` is another than before, move what is there.'),
    skeleton: absolutePath
      .optional()
      .describe('Directory whose files a new home begins with; /etc/skel where not given.'),
    shell: field.optional().describe('Login shell.'),
    system: flag.default(false).describe('A new user gets a number of the range for services.'),
    password: field.optional().describe('Hash of the password, as crypt(3) makes it; `!` or `*` for none.'),
    update_password: z
      .enum(['always', 'on_create'])
      .default('always')
      .describe('`on_create`: the password of a user who is there is left alone.'),
    password_lock: flag.optional().describe('Whether the password is locked; logging in by key goes on.'),
    expires: z
      .union(
        [z.number(), z.string().regex(/^-?\d+(\.\d+)?$/), z.iso.date()],
        'expected seconds since 1970, or a date like 2027-01-31',
      )
      .transform(secondsOf)
      .optional()
      .describe(
        'When the account ends: in seconds since 1970 or as a date, and either way a day of UTC, which is all that /etc/shadow can hold; below 0: never.',
      ),
    password_expire_min: whole
      .optional()
      .describe('Days before which a password cannot be changed again; below 0: no limit.'),
    password_expire_max: whole.optional().describe('Days after which a password has to be changed; below 0: no limit.'),
    password_expire_warn: whole
      .optional()
      .describe('Days before that in which the user is warned; below 0: no warning.'),
    password_expire_account_disable: whole
      .optional()
      .describe('Days after that until the account is disabled; below 0: never.'),
    local: flag
      .default(false)
      .describe(
        "Look into the host's own files only: a user or group of the same name that a directory service has does not count.",
      ),
    ...sshKeyArgs,
    remove: flag.default(false).describe('With `state: absent`: remove the home directory and mail too.'),
    force: flag.default(false).describe('With `state: absent`: remove a user who is logged in too.'),
  })
  .refine(({ name, user }) => (name === undefined) !== (user === undefined), 'give the name of the user')
  .refine(({ append, groups }) => !append || groups !== undefined, 'append needs groups')
  .refine(
    ({ create_home, createhome }) => create_home === undefined || createhome === undefined,
    'give either create_home or createhome',
  )
  .refine(({ non_unique, uid }) => !non_unique || uid !== undefined, 'non_unique needs uid');

export type UserArgs = z.output<typeof userArgs>;

function secondsOf(value: number | string): number {
  return typeof value === 'string' && /^\d{4}-/.test(value) ? Date.parse(value) / 1000 : Number(value);
}

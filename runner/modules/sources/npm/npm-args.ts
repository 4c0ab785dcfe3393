import * as z from 'zod';
import { flag, homePath, path, text } from '../../../model/arguments/scalars.ts';

/** The arguments of `npm`. */
export const npmArgs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s-]\S*$/, 'expected the name of a package')
      .optional()
      .describe('The package; without it all that package.json asks for.'),
    path: path.optional().describe('The directory of the project, made where it is missing; not with `global` only.'),
    version: text.optional().describe('The wanted version, range (`^4.2`) or tag (`next`).'),
    global: flag.default(false).describe('Install for the whole host instead of in a project.'),
    executable: homePath.default('npm').describe('The npm to use, for hosts that have several.'),
    ignore_scripts: flag.default(false).describe('Run no scripts of packages.'),
    unsafe_perm: flag.default(false).describe('Run scripts of packages as the user that npm runs as (npm 6).'),
    ci: flag.default(false).describe('Install anew exactly what package-lock.json says (`npm ci`), in every run.'),
    production: flag.default(false).describe('Leave out what is for development.'),
    registry: text.optional().describe('The registry to install from.'),
    state: z
      .enum(['present', 'latest', 'absent'])
      .default('present')
      .describe('`latest`: also bring it up to the newest that is released; all of a project within its ranges.'),
    no_optional: flag.default(false).describe('Leave out what is optional.'),
    no_bin_links: flag.default(false).describe('Make no links to programs of packages.'),
    force: flag.default(false).describe('Fetch and install what npm would refuse (`--force`).'),
  })
  .refine(({ path, global }) => path !== undefined || global, 'give the path, or say `global: true`')
  .refine(({ state, name }) => state !== 'absent' || name !== undefined, 'give the name of what is to be absent')
  .refine(({ version, name }) => version === undefined || name !== undefined, 'a version needs a name')
  .refine(({ global, name }) => !global || name !== undefined, 'what is installed globally needs a name')
  .refine(
    ({ ci, name, global }) => !ci || (name === undefined && !global),
    'ci installs a project whole, without name and global',
  );

/** The arguments when they were checked. */
export type NpmArgs = z.output<typeof npmArgs>;

/** Whether the name is one of npm's registry, not an address or a path. */
export const isRegistryName = (name: string) => /^(@[\w.~-]+\/)?[\w~][\w.~-]*$/.test(name);

/** Whether it is one version, not a range or a tag. */
export const isExact = (version: string) => /^=?v?\d+\.\d+\.\d+([-+].*)?$/.test(version);

/** The version or tag that is asked for, where npm's registry knows what that is now: `latest`, `next`. */
export function tagOf({ state, version }: NpmArgs): string | undefined {
  if (version !== undefined && /^[a-z][\w-]*$/i.test(version) && !/^[vx]\d*$/i.test(version)) return version;
  return state === 'latest' && version === undefined ? 'latest' : undefined;
}

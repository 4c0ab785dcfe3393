import * as z from 'zod';
import { flag, path, seconds, text, whole, words } from '../../model/arguments/scalars.ts';
import type { Choices, Chores } from './manager.ts';

/** Arguments of the module package. */
export const packageArgs = z
  .strictObject({
    name: words
      .optional()
      .describe(
        'Packages, `name` or `name=version`; for apt also `name/release`, `name:arch` and patterns as `php8*`. `pkg` is another word for it.',
      ),
    pkg: words.optional().describe('The same as `name`.'),
    state: z
      .enum(['present', 'installed', 'latest', 'absent', 'removed', 'fixed', 'build-dep'])
      .default('present')
      .describe(
        'Whether they are installed. `build-dep`: what is needed to build them is; `fixed`: what apt finds broken is repaired (apt).',
      ),
    update_cache: flag.optional().describe('Read the lists of packages afresh before something is installed.'),
    cache_valid_time: seconds
      .optional()
      .describe('Seconds for which the lists are fresh enough; implies update_cache.'),
    file: path.optional().describe('A package file on the host to install; `deb` is another word for it.'),
    deb: path.optional().describe('The same as `file`.'),
    upgrade: z
      .union([z.enum(['no', 'yes', 'safe', 'full', 'dist']), z.boolean()])
      .optional()
      .describe('Upgrade the whole host; `full` may remove packages for that.'),
    purge: flag.default(false).describe('Remove configuration too.'),
    autoremove: flag
      .default(false)
      .describe('Remove what only the removed packages needed; without a name, whatever nothing needs any more.'),
    autoclean: flag.default(false).describe('Remove package files that can be had no longer from the cache (apt).'),
    clean: flag.default(false).describe('Remove all package files from the cache (apt).'),
    only_upgrade: flag.default(false).describe('Leave packages alone that are not installed (apt).'),
    allow_change_held_packages: flag.default(false).describe('Change packages that are held (apt).'),
    allow_unauthenticated: flag.default(false).describe('Install packages whose origin cannot be verified (apt).'),
    force: flag
      .default(false)
      .describe(
        'All of allow_unauthenticated, allow_downgrade and allow_change_held_packages, and removing what is essential (apt).',
      ),
    fail_on_autoremove: flag.default(false).describe('Fail where something else would have to be removed (apt).'),
    dpkg_options: words
      .optional()
      .describe('Options for dpkg, without their hyphens; `force-confdef,force-confold` where not given (apt).'),
    policy_rc_d: whole
      .refine((status) => status >= 0 && status < 256, 'expected an exit status, 0 to 255')
      .optional()
      .describe('What /usr/sbin/policy-rc.d answers meanwhile: `101` keeps packages from starting services (apt).'),
    force_apt_get: flag.default(true).describe('Taken for the sake of old playbooks: it is always apt-get.'),
    install_recommends: flag
      .optional()
      .describe('Whether to install what packages recommend; where not given, the host decides.'),
    default_release: text.optional().describe('The release to install from (apt).'),
    allow_downgrade: flag
      .default(false)
      .describe('Let an older version replace a newer one; `allow_downgrades` is another word for it.'),
    allow_downgrades: flag.default(false).describe('The same as `allow_downgrade`.'),
    enablerepo: words.optional().describe('Repositories to use besides those that are enabled (dnf, yum).'),
    disablerepo: words.optional().describe('Repositories not to use (dnf, yum).'),
    disable_gpg_check: flag.default(false).describe('Install packages whose signature cannot be verified (dnf, yum).'),
    lock_timeout: whole.default(60).describe('Seconds to wait for another package manager that is at work.'),
    use: z
      .enum(['auto', 'apt', 'dnf', 'yum', 'apk'])
      .default('auto')
      .describe('The package manager, where a host has several.'),
  })
  .refine(({ name, pkg }) => name === undefined || pkg === undefined, 'give either name or pkg')
  .refine(
    (args) =>
      [args.name, args.pkg, args.file, args.deb, args.upgrade, args.update_cache, args.cache_valid_time].some(
        (a) => a !== undefined,
      ) ||
      args.state === 'fixed' ||
      args.autoremove ||
      args.autoclean ||
      args.clean,
    'there is nothing to do',
  )
  .refine(
    (args) => args.state !== 'build-dep' || (args.name ?? args.pkg) !== undefined,
    'build-dep needs the names of packages',
  );

export type PackageArgs = z.output<typeof packageArgs>;

export function namesOf({ name, pkg }: PackageArgs): string[] {
  return name ?? pkg ?? [];
}

export function fileOf({ file, deb }: PackageArgs): string | undefined {
  return file ?? deb;
}

export function upgradeOf({ upgrade }: PackageArgs): 'safe' | 'full' | undefined {
  if (upgrade === undefined || upgrade === false || upgrade === 'no') return undefined;
  return upgrade === 'full' || upgrade === 'dist' ? 'full' : 'safe';
}

export function choicesOf(args: PackageArgs): Choices {
  const {
    purge,
    autoremove,
    install_recommends: recommends,
    default_release: release,
    lock_timeout: lockTimeout,
    only_upgrade: onlyUpgrade,
    dpkg_options: dpkgOptions,
  } = args;
  const { force } = args;
  const allow = [
    ...(args.allow_change_held_packages || force ? ['change-held-packages'] : []),
    ...(args.allow_unauthenticated || force ? ['unauthenticated'] : []),
    ...(force ? ['remove-essential'] : []),
  ];
  const downgrade = args.allow_downgrade || args.allow_downgrades || force;
  return {
    purge,
    autoremove,
    recommends,
    release,
    downgrade,
    lockTimeout,
    onlyUpgrade,
    allow,
    noRemove: args.fail_on_autoremove,
    enableRepos: args.enablerepo,
    disableRepos: args.disablerepo,
    noGpgCheck: args.disable_gpg_check,
    ...(dpkgOptions && { dpkgOptions }),
    policyRcD: args.policy_rc_d,
  };
}

/** The argument that only dnf and yum know, where one was given. */
export function forRpmOnly({ enablerepo, disablerepo, disable_gpg_check }: PackageArgs): string | undefined {
  const given = { enablerepo: enablerepo?.length, disablerepo: disablerepo?.length, disable_gpg_check };
  return Object.entries(given).find(([, value]) => value)?.[0];
}

export function choresOf(args: PackageArgs): Chores | undefined {
  const only = namesOf(args).length === 0 && fileOf(args) === undefined;
  const { autoclean, clean, state } = args;
  const asked = {
    fixed: state === 'fixed',
    buildDep: state === 'build-dep' ? namesOf(args) : undefined,
    autoremove: args.autoremove && only,
    autoclean,
    clean,
  };
  return Object.values(asked).some(Boolean) ? asked : undefined;
}

/** The words for apt-get, for what of it there is to do. */

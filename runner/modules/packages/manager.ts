import type { Script } from '../../model/script.ts';

/** What a task wants done, as every package manager takes it. */
export interface Choices {
  /** Seconds to wait for another package manager that is at work. */
  lockTimeout: number;
  recommends?: boolean | undefined;
  release?: string | undefined;
  downgrade?: boolean | undefined;
  purge?: boolean | undefined;
  autoremove?: boolean | undefined;
  /** What apt is to let pass: `unauthenticated`, `change-held-packages`... */
  allow?: string[] | undefined;
  noRemove?: boolean | undefined;
  onlyUpgrade?: boolean | undefined;
  /** Options for dpkg, without their hyphens. */
  dpkgOptions?: string[] | undefined;
  /** What a service that packages want to start or stop is answered meanwhile; see policy-rc.d of invoke-rc.d(8). */
  policyRcD?: number | undefined;
  /** Repositories for this task only, and whether signatures are left unverified (dnf, yum). */
  enableRepos?: string[] | undefined;
  disableRepos?: string[] | undefined;
  noGpgCheck?: boolean | undefined;
}

/** What apt can do besides installing and removing by name. */
export interface Chores {
  fixed: boolean;
  buildDep: string[] | undefined;
  autoremove: boolean;
  autoclean: boolean;
  clean: boolean;
}

/** The commands of one package manager. Names may carry a version, as `name=1.2`, where the manager knows pins. */
export interface PackageManager {
  /** Lines as `PackageState` is parsed from: what is installed of `names`, and what could be. */
  probe(names: string[], latest: boolean): Script;
  install(names: string[], choices: Choices): Script;
  remove(names: string[], choices: Choices): Script;
  /** Reads the lists of what can be installed afresh. */
  update(choices: Choices): Script;
  /** Installs what is newer of all that is installed; `full` may remove packages for it. */
  upgrade(full: boolean, choices: Choices): Script;
  /** The name and version that a package file on the host holds. */
  inspect(file: string): Script;
  /** The output of an install that had nothing to do. */
  nothingDone: RegExp;
}

/** The options of fstab(5), each for itself; a comma in double quotes, as SELinux contexts have it, belongs to its option. */
export function words(opts: string): string[] {
  return (opts.match(/(?:"[^"]*"|[^",])+/g) ?? []).map((word) => word.trim()).filter(Boolean);
}

/** Options of the form NAME=VALUE; the last of a name counts. */
export function valuesOf(options: readonly string[]): Map<string, string> {
  return new Map(
    options.flatMap((word) =>
      word.includes('=') ? [[word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const] : [],
    ),
  );
}

/** Options that only fstab's readers know: mount(8) ignores them or would not pass them on. */
const FOR_BOOT = /^(defaults|noauto|auto|nofail|_netdev|(x-|comment=).*)$/;
const PROPAGATION = /^r?(shared|slave|private|unbindable)$/;

/** The options that mount(8) takes from a command line; the others are for the boot, and `--make-slave` and the like have a call of their own. */
export function liveWords(opts: string): string[] {
  return words(opts).filter((word) => !FOR_BOOT.test(word) && !PROPAGATION.test(word));
}

/** How mounts below it are to be passed on: `rslave`, `shared`...; undefined where the task does not say. */
export function propagationOf(opts: string): string | undefined {
  return words(opts).findLast((word) => PROPAGATION.test(word));
}

/** Whether it is a directory or file shown in a second place. */
export function isBind(opts: string): boolean {
  return words(opts).some((word) => word === 'bind' || word === 'rbind');
}

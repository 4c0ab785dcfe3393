/**
 * Whether a relative path is left out, itself or by a directory around it. Patterns as rsync's manual, "PATTERN
 * MATCHING RULES", has them: with a slash inside or in front from the top, otherwise at the end of a path; with one at
 * the end for directories only; `*` and `?` pass no slash, `**` does.
 */
export function excluder(patterns: readonly string[]): (name: string, directory?: boolean) => boolean {
  const rules = patterns.map(ruleOf);
  return (name, directory = false) => {
    const parts = name.split('/');
    return parts.some((_, i) => {
      const isDirectory = directory || i < parts.length - 1;
      const path = parts.slice(0, i + 1).join('/');
      return rules.some(({ pattern, onlyDirectories }) => (isDirectory || !onlyDirectories) && pattern.test(path));
    });
  };
}

/** What is wrong with options of rsync's: all but `--exclude` mean nothing here. */
export function optionProblem(options: readonly string[]): string | undefined {
  const unknown = options.find((option) => !/^--exclude=./.test(option));
  return unknown === undefined
    ? undefined
    : `'${unknown}': rsync is not installed here; only --exclude=PATTERN is understood`;
}

/** The patterns in such options. */
export function optionPatterns(options: readonly string[]): string[] {
  return options.map((option) => option.replace(/^--exclude=/, ''));
}

function ruleOf(text: string): { pattern: RegExp; onlyDirectories: boolean } {
  const onlyDirectories = text.endsWith('/');
  const bare = text.replace(/\/$/, '');
  const anchored = bare.startsWith('/');
  return {
    pattern: new RegExp(`${anchored ? '^' : '(?:^|/)'}${globSource(bare.replace(/^\//, ''))}$`, 'su'),
    onlyDirectories,
  };
}

/** A shell pattern as the source of a regular expression; brackets that are not closed are taken as they are. */
export function globSource(glob: string): string {
  return glob.replace(/\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|[\s\S]/gu, (piece) => {
    if (piece === '**') return '.*';
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    if (piece.length > 1 && piece.startsWith('['))
      return `[${piece
        .slice(1, -1)
        .replace(/^!/, '^')
        .replace(/[\\\][]/g, '\\$&')}]`;
    return piece.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
}

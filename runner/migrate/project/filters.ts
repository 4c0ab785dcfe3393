import { dirname, join } from 'node:path/posix';

/** A filter that a project brings in Python, and the helper that takes its place. */
export interface CustomFilter {
  /** As templates call it. */
  name: string;
  /** As the helper is called. */
  helper: string;
}

/** The filters that a file of Python defines: the keys of what its `filters` returns. */
export function filtersIn(python: string): CustomFilter[] {
  const body = /def\s+filters\s*\(\s*self\s*\)([\s\S]*)/.exec(python)?.[1] ?? '';
  const names = [...body.matchAll(/["'](\w+)["']\s*:|\b(\w+)\s*=\s*\w+\s*[,)]/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return [...new Set(names)].map((name) => ({ name, helper: camelCase(name) }));
}

/** The helper to be written: it refuses until somebody has moved what the filter does. */
function helperStub({ name, helper }: CustomFilter, file: string): string {
  return `import { defineHelper } from 'xrun/helper';

// xrun migrate: write here what the filter '${name}' of ${file} does.
export default defineHelper({
  name: '${helper}',
  args: 'value...',
  summary: 'What the filter ${name} of ${file} does.',
  example: { template: '{{${helper} "value"}}', result: 'what it gives' },
  run() {
    throw new Error("the filter '${name}' of ${file} is not moved over yet: write it in this helper");
  },
});
`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The helpers in the place of filters: in `helpers/` beside the topmost playbook, where xrun finds them; without one beside
 * `filter_plugins/`, or beside a collection's `plugins/`.
 */
export function helperFiles(
  files: { name: string; filters: CustomFilter[] }[],
  playbooks: readonly string[],
): { name: string; text: string }[] {
  const [top] = playbooks.map((name) => dirname(name)).toSorted((a, b) => a.length - b.length);
  return files.flatMap(({ name, filters }) => {
    const beside = name.replace(/(filter_plugins|plugins\/filter)\/[^/]+$/, 'helpers');
    const directory = top === undefined ? beside : join(top, 'helpers');
    return filters.map((filter) => ({ name: `${directory}/${filter.helper}.ts`, text: helperStub(filter, name) }));
  });
}

/** The kernel takes - and _ in the name of a module for the same. */
export const plainModule = (name: string) => name.replaceAll('-', '_');

const isLoad = (line: string, name: string) => plainModule(line.trim()) === plainModule(name);

/** Whether a file of modules-load.d(5) names a module. */
export function loads(content: string, name: string): boolean {
  return content.split('\n').some((line) => isLoad(line, name));
}

/** The file with or without the module; all other lines stay. */
export function withLoad(content: string, name: string, wanted: boolean): string {
  return edited(content, (line) => isLoad(line, name), wanted ? name : undefined);
}

const optionsOf = (line: string, name: string) => {
  const [word, module, ...params] = line.trim().split(/\s+/);
  return word === 'options' && plainModule(module ?? '') === plainModule(name) ? params.join(' ') : undefined;
};

/** The parameters that a file of modprobe.d(5) gives a module; empty for none. */
export function paramsIn(content: string, name: string): string {
  return content
    .split('\n')
    .map((line) => optionsOf(line, name))
    .filter(Boolean)
    .join(' ');
}

/** The file with these parameters of the module, or, for an empty text, none; all other lines stay. */
export function withParams(content: string, name: string, params: string): string {
  return edited(
    content,
    (line) => optionsOf(line, name) !== undefined,
    params === '' ? undefined : `options ${name} ${params}`,
  );
}

/** The text with `line` in the place of the first of those that are meant, and without the others. */
function edited(content: string, isMeant: (line: string) => boolean, line: string | undefined): string {
  const lines = content.split('\n');
  const first = lines.findIndex(isMeant);
  const kept = lines.flatMap((one, i) => (!isMeant(one) ? [one] : i === first && line !== undefined ? [line] : []));
  if (first >= 0 || line === undefined) return kept.join('\n');
  return `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${line}\n`;
}

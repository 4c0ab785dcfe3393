import type { ArgumentDocs, ModuleDocs } from '../../api/index.ts';
import type { Style } from '../../reporters/text/style.ts';

/** Wider lines are hard to read, however wide the terminal is. */
const WIDEST = 100;

/** One line a module. */
export function moduleIndex(modules: readonly ModuleDocs[], pen: Style): string[] {
  const width = Math.max(0, ...modules.map(({ name }) => name.length));
  return modules.map(({ name, summary, aliases }) => {
    const also = aliases.length > 0 ? pen.gray(`  (also ${aliases.join(', ')})`) : '';
    return `${pen.bold(name.padEnd(width))}  ${summary}${also}`;
  });
}

/** A module's page for the terminal. */
export function moduleText(module: ModuleDocs, pen: Style, columns: number): string[] {
  const width = Math.min(columns, WIDEST);
  return [
    `${pen.bold(module.name)}: ${module.summary}`,
    ...(module.aliases.length > 0 ? [`also: ${module.aliases.join(', ')}`] : []),
    ...module.notes.flatMap((note) => ['', ...wrapped(note, width, '')]),
    '',
    pen.bold('Arguments'),
    ...(module.arguments.length > 0
      ? module.arguments.flatMap((argument) => argumentText(argument, module, pen, width))
      : ['  none']),
    ...returned(module, pen, width),
    '',
    pen.bold('Examples'),
    ...module.examples.split('\n').map((line) => (line ? `  ${line}` : '')),
  ];
}

function argumentText(argument: ArgumentDocs, module: ModuleDocs, pen: Style, width: number): string[] {
  const { required, default: preset } = argument;
  const details = [
    argument.type,
    ...(required ? [pen.red('required')] : []),
    ...(preset === undefined ? [] : [`default ${preset}`]),
    ...(argument.name === module.freeForm ? ['free form'] : []),
  ];
  return [`  ${pen.cyan(argument.name)}  ${details.join(', ')}`, ...wrapped(argument.description, width, '      ')];
}

function returned({ returns }: ModuleDocs, pen: Style, width: number): string[] {
  const fields = Object.entries(returns);
  if (fields.length === 0) return [];
  return [
    '',
    pen.bold('Result'),
    ...fields.flatMap(([name, what]) => [
      `  ${pen.cyan(name === '*' ? '...' : name)}`,
      ...wrapped(what, width, '      '),
    ]),
  ];
}

function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

import { sections } from '../../shared/sections.ts';

/** What a command printed, and whether it succeeded. */
export interface Output {
  rc: number;
  text: string;
}

/** Commands' outputs by title. */
export type Outputs = Map<string, Output>;

/** Reads a text of parts under titles `@@NAME EXIT`, each line of them indented. */
export function outputsOf(stdout: string): Outputs {
  return new Map(
    [...sections(stdout)].map(([title, text]): [string, Output] => {
      const [, name = title, rc = '0'] = /^(.*) (\d+)$/.exec(title) ?? [];
      return [name, { rc: Number(rc), text: text.replaceAll(/^ /gm, '') }];
    }),
  );
}

/** The output of a command that succeeded. */
export function said(out: Outputs, title: string): string | undefined {
  const output = out.get(title);
  return output?.rc === 0 ? output.text : undefined;
}

/** What a command printed as JSON; an empty list where it failed or stopped half-way. */
export function json<T>(out: Outputs, title: string): T[] {
  try {
    return JSON.parse(said(out, title) ?? '[]') as T[];
  } catch {
    return [];
  }
}

import { convertTemplate } from '../../language/jinja/convert.ts';
import type { JinjaEnvironment } from '../../language/jinja/types.ts';
import { SourceText } from '../../language/yaml/source-text.ts';
import { MARK } from '../edit/file-edit.ts';
import type { Remark } from '../edit/file-edit.ts';
import type { TextFile } from '../project/project.ts';

/** What became of a template. One with remarks is for people: it keeps its name, and says so at its beginning. */
export interface ConvertedTemplate {
  name: string;
  text: string;
  total: number;
  remarks: Remark[];
  /** The file for those that include it, where it is needed at its own place too. */
  partial?: { name: string; text: string };
}

/** What no rule of the converter knows of. */
const invalid = { code: 'M_INVALID', message: 'what comes of this template is not valid', offset: 0, length: 1 };

/** Moves a template over: `x.j2` becomes `x.hbs`, a template of another name keeps it; `place` is that of a partial. */
export function convertTemplateFile(
  { name, text }: TextFile,
  environment: JinjaEnvironment,
  valid: (text: string) => boolean,
  place?: string,
): ConvertedTemplate {
  const isOurs =
    place === undefined && !name.endsWith('.j2') && (!/\{[{%#]/.test(text) || (valid(text) && !text.includes('{%')));
  if (isOurs) return { name, text, total: 0, remarks: [] };
  const { text: converted, expressions: total, problems: found } = convertTemplate(text, environment);
  const problems = found.length > 0 || valid(converted) ? found : [invalid];
  if (problems.length === 0)
    return { name: place ?? name.replace(/\.j2$/, '.hbs'), text: converted, total, remarks: [] };
  const source = new SourceText(name, text);
  const remarks = problems.map(({ code, message, offset, length }) => ({
    code,
    message,
    at: source.pos(offset, offset + length),
    line: source.lineStart(offset),
  }));
  return { name, text: commented(text, remarks), total, remarks };
}

/** A comment of Jinja's with a line of its own leaves nothing in what is rendered. */
function commented(text: string, remarks: Remark[]): string {
  if (text.includes(`{# ${MARK}`)) return text;
  const header = /^#jinja2:.*\r?\n/.exec(text)?.[0] ?? '';
  const lines = remarks.map(
    ({ code, message, at }) => `{# ${MARK} line ${at.line}: ${code} ${message.replaceAll('#}', '# }')} #}\n`,
  );
  return header + lines.join('') + text.slice(header.length);
}

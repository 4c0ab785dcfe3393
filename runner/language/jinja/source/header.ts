import type { JinjaProblem } from '../problem.ts';
import type { WhiteSpace } from './pieces.ts';

/** What `#jinja2:` in the first line of a template says. */
export interface Header {
  space: Partial<WhiteSpace>;
  /** Where the template begins behind it. */
  body: number;
}

/** The header of a template; a problem for an option without a counterpart. */
export function headerOf(source: string): Header | JinjaProblem {
  const line = /^#jinja2:([^\n]*)\n?/.exec(source);
  if (!line) return { space: {}, body: 0 };
  const space: Partial<WhiteSpace> = {};
  for (const option of (line[1] ?? '').split(',').filter((part) => part.trim() !== '')) {
    const [name = '', value = ''] = option.split(':').map((part) => part.trim().replaceAll(/^['"]|['"]$/g, ''));
    const wanted = /^true$/i.test(value);
    if (name === 'trim_blocks') space.trimBlocks = wanted;
    else if (name === 'lstrip_blocks') space.lstripBlocks = wanted;
    else if (name !== 'keep_trailing_newline') {
      const message = `The option '${name}' of '#jinja2:' has no counterpart.`;
      return { code: 'J_STATEMENT', offset: 0, length: line[0].length, message };
    }
  }
  return { space, body: line[0].length };
}

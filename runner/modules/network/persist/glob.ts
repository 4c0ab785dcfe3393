import { Pattern } from '../../../language/regex/pattern.ts';
import { globSource } from '../../shared/exclude.ts';

/** Whether a text is matched by a shell pattern of the host; no pattern at all matches nothing. */
export function globMatches(text: string, glob: string): boolean {
  try {
    return new Pattern(`^(?:${globSource(glob)})$`).test(text);
  } catch {
    return text === glob;
  }
}

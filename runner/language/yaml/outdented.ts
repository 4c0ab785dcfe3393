import { EVENT_ID, YAMLException, parseEvents } from 'js-yaml';
import type { Event } from 'js-yaml';

/** A text with its events, which name offsets in it. */
export interface Parsed {
  text: string;
  events: Event[];
}

/** A text in which more lines than these would have to be joined is read by nobody. */
const most = 200;

/**
 * Reads a text in which lines inside of brackets and quotes begin further left than YAML's grammar has it, `}` under its
 * key above all: libyaml, and with it Ansible, takes them. Each such line is joined to the one above, so that all offsets stay.
 *
 * @param failure the parser's about the text as it is
 * @returns undefined where that is not what is wrong
 */
export function parseOutdented(text: string, failure: YAMLException, maxDepth: number): Parsed | undefined {
  const joints: number[] = [];
  let joined = text;
  for (let { reason, mark } = failure; reason === 'deficient indentation' && joints.length < most;) {
    const joint = joined.lastIndexOf('\n', (mark?.position ?? 0) - 1);
    if (joint < 0) return undefined;
    joints.push(joint);
    joined = `${withoutComment(joined.slice(0, joint).replace(/\r$/, ' '))} ${joined.slice(joint + 1)}`;
    try {
      const events = parseEvents(joined, { maxDepth });
      return joints.some((at) => !isBlank(text, at) && inScalar(events, at)) ? undefined : { text: joined, events };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      ({ reason, mark } = error);
    }
  }
  return undefined;
}

/** A line that is a comment would swallow the one that is joined to it: blanks take its place. */
function withoutComment(text: string): string {
  const start = text.lastIndexOf('\n') + 1;
  return /^\s*#/.test(text.slice(start)) ? text.slice(0, start) + ' '.repeat(text.length - start) : text;
}

/** A line break between two words of a quoted text is read as the blank that it was joined by. */
function isBlank(text: string, at: number): boolean {
  return /[^\s\\]$/.test(text.slice(at - 1, at)) && /^\S/.test(text.slice(at + 1, at + 2));
}

/** A line break in a text means something. */
function inScalar(events: readonly Event[], at: number): boolean {
  return events.some((event) => event.type === EVENT_ID.SCALAR && event.valueStart < at && at < event.valueEnd);
}

import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, YAMLException, parseEvents } from 'js-yaml';
import type { Event, ScalarEvent } from 'js-yaml';
import type { Fault, Stop } from './fault.ts';

/** Flow collections inside of each other that are tried to close; more are not worth a search. */
const deepest = 4;

/**
 * A quote or bracket that is never closed, at the place where it opens. The parser stops where its line or file ends, so
 * what was read until then is closed in every way until one parses: what that closed first is what was left open.
 */
export function unclosed(stop: Stop): Fault | undefined {
  if (!/unexpected end of the|deficient indentation|missed comma/.test(stop.reason)) return undefined;
  const { text } = stop.source;
  const atEnd = stop.reason.startsWith('unexpected end of the stream');
  const read = text.slice(0, atEnd ? text.length : stop.lineStart).trimEnd();
  for (const closing of closings()) {
    const events = parse(read + closing);
    const fault = events && opener(events, closing, read.length);
    if (fault) return fault;
  }
  return undefined;
}

/** A quote that closed only at the next quote, lines below, so that the text after that is not valid. */
export function closedTooLate(stop: Stop): Fault | undefined {
  const read = stop.source.text.slice(0, stop.offset).trimEnd();
  const events = parse(read);
  const scalar = events?.findLast((event): event is ScalarEvent => event.type === EVENT_ID.SCALAR);
  if (!scalar || !isQuoted(scalar) || scalar.valueEnd + 1 < read.length) return undefined;
  if (!read.slice(scalar.valueStart, scalar.valueEnd).includes('\n')) return undefined;
  return quoteFault(scalar);
}

/** Every order of up to `deepest` closing brackets, shortest first, a quote before them or not. */
function closings(): string[] {
  const brackets = [''];
  for (let from = 0, depth = 1; depth <= deepest; depth++) {
    const to = brackets.length;
    for (; from < to; from++) brackets.push(`${brackets[from]}]`, `${brackets[from]}}`);
  }
  return brackets.flatMap((closing) => [...(closing === '' ? [] : [closing]), `"${closing}`, `'${closing}`]);
}

function opener(events: Event[], closing: string, end: number): Fault | undefined {
  if (closing.startsWith('"') || closing.startsWith("'")) {
    const scalar = events.findLast((event): event is ScalarEvent => event.type === EVENT_ID.SCALAR);
    return scalar && isQuoted(scalar) && scalar.valueEnd === end ? quoteFault(scalar) : undefined;
  }
  const open: Event[] = [];
  for (const event of events.slice(0, events.findLastIndex(({ type }) => type !== EVENT_ID.POP) + 1)) {
    if (event.type === EVENT_ID.POP) open.pop();
    else if ('style' in event && event.type !== EVENT_ID.SCALAR) open.push(event);
    else if (event.type === EVENT_ID.DOCUMENT) open.push(event);
  }
  const innermost = open.findLast((event) => 'start' in event && event.style === COLLECTION_STYLE.FLOW);
  if (!innermost || !('start' in innermost)) return undefined;
  const bracket = closing.startsWith(']') ? '[' : '{';
  return { start: innermost.start, end: innermost.start + 1, message: `this '${bracket}' is never closed` };
}

function quoteFault(scalar: ScalarEvent): Fault {
  const start = scalar.valueStart - 1;
  const hint = 'Put the closing quote at the end of the text.';
  return { start, end: start + 1, message: 'this quote is never closed', hint };
}

function isQuoted(scalar: ScalarEvent): boolean {
  return scalar.style === SCALAR_STYLE.DOUBLE_QUOTED || scalar.style === SCALAR_STYLE.SINGLE_QUOTED;
}

function parse(text: string): Event[] | undefined {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

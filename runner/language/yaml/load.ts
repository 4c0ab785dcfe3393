import { EVENT_ID, YAMLException, parseEvents } from 'js-yaml';
import type { Event } from 'js-yaml';
import { XrunError, XrunErrors } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { Construction } from './construct.ts';
import { defaultLimits } from './limits.ts';
import type { YamlLimits } from './limits.ts';
import { posOf } from './place.ts';
import { parseOutdented } from './outdented.ts';
import type { Parsed } from './outdented.ts';
import { SourceText } from './source-text.ts';
import { syntaxError } from './faults/syntax-error.ts';

/** A YAML file's value: plain objects, arrays, strings, numbers, booleans and null, and the two kinds of tagged text. */
export interface LoadedYaml {
  /** null for an empty file. Ask `positionOf` for the places of what is in it. */
  value: unknown;
  at: Position;
}

/**
 * Reads YAML, remembering the position of each key and value.
 *
 * @param text the file's content
 * @param file names it in positions
 * @throws XrunError E_YAML (syntax), E_DUPLICATE_KEY, E_LIMIT; XrunErrors for several
 */
export function loadYaml(text: string, file: string, limits: YamlLimits = defaultLimits): LoadedYaml {
  const source = new SourceText(file, text);
  if (text.length > limits.size) {
    throw new XrunError('E_LIMIT', `${text.length} characters; at most ${limits.size} are read`, { at: source.pos(0) });
  }
  const parsed = parse(source, limits);
  const { events } = parsed;
  if (events.length === 0) return { value: null, at: source.pos(0) };
  const construction = new Construction(source, parsed, 1, limits);
  const { value, place } = construction.node();
  refuseSecondDocument(source, events, limits);
  const [first, ...others] = construction.errors;
  if (first) throw others.length > 0 ? new XrunErrors(construction.errors) : first;
  return { value, at: posOf(place) };
}

function parse(source: SourceText, limits: YamlLimits): Parsed {
  try {
    return { text: source.text, events: parseEvents(source.text, { maxDepth: limits.depth }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const parsed = parseOutdented(source.text, error, limits.depth);
    if (parsed) return parsed;
    throw syntaxError(error, source);
  }
}

function refuseSecondDocument(source: SourceText, events: Event[], limits: YamlLimits): void {
  const second = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second < 0) return;
  const { place } = new Construction(source, { text: source.text, events }, second + 1, limits).node();
  const hint = "A file holds one document: remove the '---' or make two files.";
  const marker = source.text.lastIndexOf('\n---', place.start) + 1;
  const at = marker > 0 ? source.pos(marker, marker + 3) : posOf(place);
  throw new XrunError('E_YAML', 'a second document begins', { at, hint });
}

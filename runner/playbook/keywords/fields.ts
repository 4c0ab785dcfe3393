import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { placeOf, positionOf } from '../../language/yaml/positions.ts';
import { posOf } from '../../language/yaml/place.ts';
import { issuesOf, valueAt } from '../../diagnostics/issue.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { taskKeywords } from './keywords.ts';
import type { Keywords } from './keywords.ts';
import { variable } from './kinds.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Expr, Raw } from '../../model/playbook.ts';
import { ignored, unsupported } from './unsupported.ts';

/** The keywords of one mapping of a playbook, checked; what was wrong is noted and left out. */
export class Fields {
  readonly map: Record<string, unknown>;
  private readonly wrong = new Set<string>();

  constructor(map: Record<string, unknown>, keywords: Keywords, problems: Problems) {
    this.map = map;
    for (const [key, value] of Object.entries(map)) {
      const schema = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
      const result = schema?.safeParse(value);
      if (result?.success && key === 'vars' && isMapping(value)) refuseNames(value, problems);
      if (!result || result.success) continue;
      this.wrong.add(key);
      for (const issue of issuesOf(result.error, value)) {
        problems.add(
          'E_TYPE',
          `'${key}': ${issue.message}`,
          positionIn(map, [key, ...issue.path]),
          issue.hint ?? shapeHint(valueAt(value, issue.path), issue.message.endsWith('expected a list')),
        );
      }
    }
  }

  has(key: string): boolean {
    return Object.hasOwn(this.map, key) && !this.wrong.has(key);
  }

  /** The value, undefined where it is not given or wrong. */
  get(key: string): unknown {
    return this.has(key) ? this.map[key] : undefined;
  }

  /** The position of the value. */
  at(key: string): Position {
    return positionOf(this.map, key) ?? this.keyAt(key);
  }

  /** The position of the key; of the whole mapping if the key is missing. */
  keyAt(key: string): Position {
    return positionOf(this.map, key, 'key') ?? positionOf(this.map) ?? { file: '', line: 1, col: 1 };
  }

  raw(key: string): Raw | undefined {
    return this.has(key) ? { value: this.map[key], at: this.at(key) } : undefined;
  }

  text(key: string): Raw<string> | undefined {
    const value = this.get(key);
    return value === undefined || value === null ? undefined : { value: String(value), at: this.at(key) };
  }

  /** Texts of a list or of one text; `separator` splits that one (`tags: a, b`). */
  texts(key: string, separator?: string): Raw<string>[] {
    const value = this.get(key);
    if (Array.isArray(value)) {
      return value.map((item, index) => ({ value: String(item), at: positionOf(value, index) ?? this.at(key) }));
    }
    if (value === undefined || value === null) return [];
    const parts = separator ? String(value).split(separator) : [String(value)];
    return parts.map((part) => ({ value: part.trim(), at: this.at(key) })).filter((part) => part.value !== '');
  }

  exprs(key: string): Expr[] {
    const value = this.get(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [{ source: value as string | boolean, at: this.at(key) }];
    return value.map((source: string | boolean, index) => ({ source, at: positionOf(value, index) ?? this.at(key) }));
  }

  list(key: string): unknown[] {
    const value = this.get(key);
    return Array.isArray(value) ? value : [];
  }

  flag(key: string): boolean | undefined {
    const value = this.get(key);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(yes|true|on)$/i.test(value)) return true;
    return typeof value === 'string' && /^(no|false|off)$/i.test(value) ? false : undefined;
  }
}

/** Notes names that no template or condition could read. */
function refuseNames(vars: Record<string, unknown>, problems: Problems): void {
  for (const name of Object.keys(vars)) {
    if (variable.safeParse(name).success) continue;
    const near = name.replaceAll(/\W+/g, '_').replace(/^(?=\d)/, '_');
    problems.add(
      'E_TYPE',
      `'${name}' cannot be the name of a variable: letters, digits and _, no digit first`,
      positionOf(vars, name, 'key'),
      `Write \`${near}\`.`,
    );
  }
}

/** Notes every key of `map` that is none of `known`; `what` names the thing (`a play`). */
export function refuseUnknown(
  map: Record<string, unknown>,
  known: Iterable<string>,
  what: string,
  problems: Problems,
): void {
  const names = new Set(known);
  for (const key of Object.keys(map)) {
    if (!names.has(key) && !ignored.has(key)) unknownKeyword(map, key, names, what, problems);
  }
}

/** Notes one unknown keyword, with what it probably should be. */
export function unknownKeyword(
  map: object,
  key: string,
  known: Iterable<string>,
  what: string,
  problems: Problems,
): void {
  const instead =
    (Object.hasOwn(unsupported, key) ? unsupported[key] : undefined) ??
    misplacedHint(key, what) ??
    didYouMean(key, known);
  problems.add('E_KEYWORD', `unknown keyword '${key}' in ${what}`, positionOf(map, key, 'key'), instead);
}

/** Where a keyword belongs that is known, but not here. */
function misplacedHint(key: string, what: string): string | undefined {
  if (key === 'rescue' || key === 'always') return 'It belongs to a block: put the tasks before it under `block`.';
  if (key === 'listen') return 'Only handlers listen.';
  if (what.startsWith("'include_") && Object.hasOwn(taskKeywords, key))
    return 'An include does nothing itself: put what its tasks need below `apply`.';
  if (what === 'a block' && Object.hasOwn(taskKeywords, key)) return 'It belongs to each of its tasks.';
  return what === 'a play' && Object.hasOwn(taskKeywords, key) ? 'It belongs to a task.' : undefined;
}

/** What a missing blank makes of a mapping or a list. */
export function shapeHint(value: unknown, wantsList = false): string | undefined {
  if (typeof value === 'string' && /^[\w.-]+:[^\s/]/.test(value)) return "Put a space after the ':'.";
  if (typeof value === 'string' && /^-[^\s-]/.test(value)) return "Put a space after the '-'.";
  const [key = ''] = isMapping(value) ? Object.keys(value) : [];
  if (/^-[^\s-]/.test(key)) return "Put a space after the '-'.";
  return wantsList && key !== '' ? "Begin each item with '- '." : undefined;
}

/** The position of the value at `path`; for a missing one, the nearest around it. */
export function positionIn(
  root: object,
  path: readonly (string | number)[],
  part: 'key' | 'value' = 'value',
): Position | undefined {
  let container: unknown = root;
  let place = placeOf(root);
  for (const [index, key] of path.entries()) {
    const next = placeOf(container, key, index === path.length - 1 ? part : 'value');
    if (!next) break;
    place = next;
    container = (container as Record<string | number, unknown>)[key];
  }
  return place && posOf(place);
}

import { XrunError } from '../diagnostics/errors.ts';
import { isConnectionVariable, namesOf } from '../inventory/login/connection.ts';
import { lazyObject } from '../language/values/lazy-object.ts';
import type { VarsSource, Written } from './layers.ts';
import { candidate, valueSource } from './layers.ts';
import { anything } from '../language/templates/needs/reads.ts';
import type { Candidate, Renderer, Scope } from '../model/variables.ts';
import { undefinedVariable } from '../language/values/undefined.ts';
import { Unknown } from '../language/values/unknown.ts';

/** What all scopes of a run share. */
export interface ScopeShared {
  renderer: Renderer;
  /** Rises whenever a result, a fact or the inventory changes. */
  version(): number;
  /** The names being read right now, each with its host, to find cycles. */
  reading: string[];
}

/** Names that are defined by xrun itself. */
export interface BuiltIns {
  /** `fixed`: it cannot be set; `weak`: variables of the same name are stronger. Costs nothing. */
  kind(name: string): 'fixed' | 'weak' | undefined;
  /** Whether it has a value. Throws FactsNeeded for names that facts may have. */
  has(name: string): boolean;
  get(name: string): unknown;
  names(): Iterable<string>;
}

/** What one scope is made of. */
export interface ScopeParts {
  host: string;
  /** Weakest first. */
  sources: readonly VarsSource[];
  builtIns: BuiltIns;
  /** The scope of the whole host: names that need nothing of this one are read, and remembered, there. */
  base?: HostScope;
  /** The sources that the base does not have. */
  own?: readonly VarsSource[];
  /** A name that is not there may yet be: tasks that a check cannot know of may have written it. Why. */
  open?: string;
  /** Values above everything: loop variables, a task's result. */
  top?: ReadonlyMap<string, Written>;
}

/** The variables of a host, or of a task on it. See {@link Scope}. */
export class HostScope implements Scope {
  readonly #shared: ScopeShared;
  readonly #parts: ScopeParts;
  readonly #values = new Map<string, { value: unknown; version: number }>();
  readonly #closures = new Map<string, ReadonlySet<string>>();

  constructor(shared: ScopeShared, parts: ScopeParts) {
    this.#shared = shared;
    this.#parts = parts;
  }

  get(name: string): unknown {
    const { base, builtIns } = this.#parts;
    if (name === 'vars' && !this.#winner(name)) return lazyObject(this.names(), (one) => this.get(one));
    if (base && !this.#differs(name)) return base.get(name);
    const written = this.#winner(name);
    if (written) return written.literal ? written.value : this.#rendered(name, written);
    if (builtIns.has(name)) return builtIns.get(name);
    if (this.#mayCome(name)) return new Unknown(this.#parts.open!);
    throw undefinedVariable(name, this.names());
  }

  has(name: string): boolean {
    return name === 'vars' || this.#winner(name) !== undefined || this.#parts.builtIns.has(name) || this.#mayCome(name);
  }

  names(): string[] {
    const { sources, builtIns, top } = this.#parts;
    return [
      ...new Set([...(top?.keys() ?? []), ...sources.flatMap((source) => [...source.names()]), ...builtIns.names()]),
    ];
  }

  candidates(name: string): Candidate[] {
    const { builtIns } = this.#parts;
    const written = this.#written(name).map(candidate);
    if (builtIns.kind(name) === undefined || !builtIns.has(name)) return written;
    const own: Candidate = { layer: 'built in', origin: 'xrun', value: builtIns.get(name) };
    return builtIns.kind(name) === 'weak' ? [own, ...written] : [...written, own];
  }

  with(vars: Record<string, unknown>): Scope {
    const added = Object.entries(vars).map(([name, value]): [string, Written] => [
      name,
      { layer: 'block and task', origin: 'loop', value, literal: true },
    ]);
    const top = new Map([...(this.#parts.top ?? []), ...added]);
    const own = [...(this.#parts.own ?? []), valueSource('block and task', top)];
    return new HostScope(this.#shared, { ...this.#parts, base: this.#parts.base ?? this, own, top });
  }

  /** All names that reading this one leads to. */
  closure(name: string): ReadonlySet<string> {
    const known = this.#closures.get(name);
    if (known) return known;
    const found = new Set([name]);
    for (const next of found) {
      if (next === anything) continue;
      if (next === 'vars') found.add(anything);
      const written = this.#winner(next);
      if (written && !written.literal) for (const read of this.#shared.renderer.reads(written.value)) found.add(read);
    }
    this.#closures.set(name, found);
    return found;
  }

  /** In a check: tasks that may or may not run may write it. How to log in is never left to them. */
  #mayCome(name: string): boolean {
    const { open, builtIns } = this.#parts;
    return open !== undefined && builtIns.kind(name) === undefined && !/^(ansible|xrun)_/.test(name);
  }

  /** Whether the name may mean something else here than in the base. */
  #differs(name: string): boolean {
    const { own = [], base } = this.#parts;
    if (own.length === 0) return false;
    const closure = base?.closure(name) ?? [name];
    for (const read of closure) {
      if (read === anything || own.some((source) => namesOf(read).some((known) => source.has(known)))) return true;
    }
    return false;
  }

  #winner(name: string): Written | undefined {
    const { sources, builtIns, top } = this.#parts;
    const above = top?.get(name);
    if (above) return above;
    if (builtIns.kind(name) === 'fixed') return undefined;
    const names = isConnectionVariable(name) ? namesOf(name) : [name];
    for (let i = sources.length - 1; i >= 0; i--) {
      for (const known of names) {
        const source = sources[i];
        if (source?.has(known)) return source.find(known).at(-1);
      }
    }
    return undefined;
  }

  #written(name: string): Written[] {
    const above = this.#parts.top?.get(name);
    const found = this.#parts.sources.flatMap((source) => namesOf(name).flatMap((known) => source.find(known)));
    return above ? [...found, above] : found;
  }

  #rendered(name: string, written: Written): unknown {
    const known = this.#values.get(name);
    const version = this.#shared.version();
    if (known && (known.version === version || known.version < 0)) return known.value;
    const value = this.#render(name, written);
    const fixed = ![...this.closure(name)].some((read) => read === anything || this.#parts.builtIns.kind(read));
    this.#values.set(name, { value, version: fixed ? -1 : version });
    return value;
  }

  #render(name: string, { value, at }: Written): unknown {
    const { renderer, reading } = this.#shared;
    const key = `${this.#parts.host}\0${name}`;
    if (reading.includes(key)) throw cycle([...reading.slice(reading.indexOf(key)), key], at);
    reading.push(key);
    try {
      return renderer.renderOpen(value, this, at);
    } finally {
      reading.pop();
    }
  }
}

function cycle(keys: string[], at: Written['at']): XrunError {
  const [host] = (keys[0] ?? '').split('\0');
  const names = keys.map((key) => key.split('\0')).map(([on, name]) => (on === host ? name : `hostvars.${on}.${name}`));
  return new XrunError('E_CYCLE', `the variable needs itself: ${names.join(' -> ')}`, {
    hint: 'One of them must not use the next.',
    ...(at && { at }),
  });
}

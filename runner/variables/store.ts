import { namesOf } from '../inventory/login/connection.ts';
import { hostOf, implicitHosts } from '../inventory/implicit.ts';
import type { Host } from '../model/inventory.ts';
import type { RoleRef, VarsLayer } from '../model/playbook.ts';
import type { Position } from '../diagnostics/errors.ts';
import { builtIns } from './built-ins.ts';
import type { BuiltInParts } from './built-ins.ts';
import { connectionNames, inventorySource, layerSource, roleNames, valueSource } from './layers.ts';
import type { VarsSource, Written } from './layers.ts';
import { lazyObject } from '../language/values/lazy-object.ts';
import { HostScope } from './scope.ts';
import type { PlayVars, StoreOptions, TaskVars } from './store-parts.ts';
import type { ScopeShared } from './scope.ts';
import { FactsNeeded } from '../model/variables.ts';
import type { Scope } from '../model/variables.ts';

/** All variables of a run. One play at a time; results and facts stay from play to play. */
export class VarsStore {
  readonly #options: StoreOptions;
  readonly #shared: ScopeShared;
  readonly #extra: VarsSource[];
  readonly #results = new Map<string, Map<string, Written>>();
  readonly #facts = new Map<string, Record<string, unknown>>();
  readonly #early = new Map<string, Record<string, unknown>>();
  readonly #hostPlayVars = new Map<string, VarsSource[]>();
  readonly #open = new Map<string, string>();
  readonly #scopes = new Map<string, HostScope>();
  readonly #hostvars = new Map<string, object>();
  #play: PlayVars = {};
  #playDefaults: VarsSource[] = [];
  #playSources: VarsSource[] = [];
  #version = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#shared = { renderer: options.renderer, version: () => this.#version, reading: [] };
    this.#extra = (options.extra ?? []).map((layer) => layerSource('extra', layer));
  }

  /** From now on the variables of this play count, and no other play's. */
  startPlay(play: PlayVars): void {
    this.#play = play;
    this.#playDefaults = (play.roleDefaults ?? []).map((layer) => layerSource('role defaults', layer));
    this.#playSources = (play.vars ?? []).map((layer) => layerSource('play', layer));
    this.#hostPlayVars.clear();
    this.changed();
  }

  /** More variables of the play (`vars_files`, `vars_prompt`), for one host where it is given. */
  addPlayVars(layer: VarsLayer, host?: string): void {
    const source = layerSource('play', layer);
    if (host === undefined) this.#playSources.push(source);
    else this.#hostPlayVars.set(host, [...(this.#hostPlayVars.get(host) ?? []), source]);
    this.changed(host);
  }

  /** What `register` and `set_fact` leave: a value that is final. */
  setResult(host: string, name: string, value: unknown, origin: string, at?: Position): void {
    this.#write(host, name, { layer: 'results', origin, value, literal: true, ...(at && { at }) });
    this.changed(host);
  }

  /** Gives another host the results of these names. */
  copyResults(from: string, to: string, names: readonly string[]): void {
    for (const [name, written] of this.#resultsOf(from)) if (names.includes(name)) this.#write(to, name, written);
    this.changed(to);
  }

  /** What `include_vars` read: templates, rendered when they are used. */
  includeVars(host: string, layer: VarsLayer): void {
    const source = layerSource('results', layer);
    for (const name of source.names()) for (const written of source.find(name)) this.#write(host, name, written);
    this.changed(host);
  }

  /** In a check: names that this host has no variable for may get one from tasks that may or may not run. */
  leaveOpen(host: string, why: string): void {
    if (!this.#open.has(host)) this.#open.set(host, why);
    this.changed(host);
  }

  /** Adds to the facts of a host; `facts.NAME` and `ansible_NAME` read them. */
  setFacts(host: string, facts: Record<string, unknown>): void {
    this.#facts.set(host, { ...(this.#facts.get(host) ?? this.#early.get(host)), ...facts });
    this.changed(host);
  }

  /** The same for facts that are not gathered with the others: where those have not been, they still are when something reads one. */
  addFacts(host: string, facts: Record<string, unknown>): void {
    if (this.#facts.has(host)) return this.setFacts(host, facts);
    this.#early.set(host, { ...this.#early.get(host), ...facts });
    this.changed(host);
  }

  /** Forgets the facts of a host: they are gathered again when something reads one. */
  clearFacts(host: string): void {
    this.#facts.delete(host);
    this.#early.delete(host);
    this.changed(host);
  }

  /** The facts of a host, where they were gathered. */
  facts(host: string): Record<string, unknown> | undefined {
    return this.#facts.get(host);
  }

  /** To be called when the inventory has changed (`add_host`, `group_by`, `refresh_inventory`), or which hosts are left. */
  changed(host?: string): void {
    this.#version++;
    if (host === undefined) {
      this.#scopes.clear();
      this.#hostvars.clear();
    } else {
      this.#scopes.delete(host);
      this.#hostvars.delete(host);
    }
  }

  /** Rises whenever anything that a variable is made of may have changed. */
  get version(): number {
    return this.#version;
  }

  /** The variables a task sees on a host; without a task, those of the play. */
  scopeFor(host: string, task: TaskVars = {}): Scope {
    const base = this.#scopes.get(host) ?? this.#baseScope(host);
    const { vars = [], roleDefaults = [], role, connection } = task;
    if (vars.length === 0 && roleDefaults.length === 0 && !role && connection === undefined) return base;
    const defaults = roleDefaults.map((layer) => layerSource('role defaults', layer));
    const own = vars.map((layer) => layerSource('block and task', layer));
    return new HostScope(this.#shared, {
      host,
      sources: this.#sources(host, own, defaults),
      builtIns: builtIns(this.#parts(host, role, connection)),
      ...this.#openPart(host),
      base,
      own: [...own, ...defaults, ...(role ? [roleNames] : []), ...(connection === undefined ? [] : [connectionNames])],
    });
  }

  #baseScope(host: string): HostScope {
    const scope = new HostScope(this.#shared, {
      host,
      sources: this.#sources(host, [], []),
      builtIns: builtIns(this.#parts(host)),
      ...this.#openPart(host),
    });
    this.#scopes.set(host, scope);
    return scope;
  }

  #openPart(host: string): { open?: string } {
    const open = this.#open.get(host);
    return open === undefined ? {} : { open };
  }

  #sources(host: string, task: VarsSource[], defaults: VarsSource[]): VarsSource[] {
    return [
      ...this.#playDefaults,
      ...defaults,
      inventorySource(this.#host(host).vars),
      ...this.#playSources,
      ...(this.#hostPlayVars.get(host) ?? []),
      ...task,
      valueSource('results', this.#resultsOf(host)),
      ...this.#extra,
    ];
  }

  #parts(name: string, role?: RoleRef, connection?: string): BuiltInParts {
    const { inventory, check = false, diff = false, version = '', asked = {} } = this.#options;
    const { hosts = () => [...inventory.hosts.keys()], batch = hosts, all = hosts() } = this.#play;
    return {
      host: this.#host(name),
      inventory,
      facts: () => this.#knownFacts(name),
      hostvars: () => this.#allHostvars(),
      groups: () => this.#groups(),
      address: () => this.#address(name),
      play: {
        ...(this.#play.name !== undefined && { name: this.#play.name }),
        ...(this.#play.dir !== undefined && { dir: this.#play.dir }),
        all,
        hosts,
        batch,
        roleNames: this.#play.roleNames ?? { listed: [], dependent: [] },
      },
      ...(role && { role }),
      ...(connection !== undefined && { connection }),
      check,
      diff,
      version,
      asked,
    };
  }

  #host(name: string): Host {
    return hostOf(this.#options.inventory, name);
  }

  #knownFacts(host: string): Record<string, unknown> {
    const facts = this.#facts.get(host);
    if (!facts) throw new FactsNeeded(host);
    return facts;
  }

  #address(host: string): unknown {
    const scope = this.scopeFor(host);
    return scope.has('xrun_host') ? scope.get('xrun_host') : host;
  }

  #groups(): Record<string, string[]> {
    return Object.fromEntries([...this.#options.inventory.groups.values()].map(({ name, hosts }) => [name, hosts]));
  }

  /** `hostvars`: everything is a getter, for each host's variables are rendered only when they are read. */
  #allHostvars(): object {
    const { inventory } = this.#options;
    // The implicit localhost has variables too, and is in no list.
    const names = [...inventory.hosts.keys(), ...implicitHosts];
    return lazyObject(
      new Set(names),
      (name) => this.#varsOf(name),
      (name) => !inventory.hosts.has(name),
    );
  }

  #varsOf(host: string): object {
    const known = this.#hostvars.get(host);
    if (known) return known;
    const scope = this.scopeFor(host);
    const listed = new Set(scope.names());
    const unlisted = this.#facts.has(host) ? ['hostvars'] : ['hostvars', 'facts', 'ansible_facts'];
    const hidden = (name: string) => !listed.has(name) || unlisted.includes(name);
    const names = new Set([...listed].flatMap((name) => [name, ...namesOf(name)]));
    const vars = lazyObject(names, (name) => scope.get(name), hidden);
    this.#hostvars.set(host, vars);
    return vars;
  }

  #write(host: string, name: string, written: Written): void {
    this.#resultsOf(host).set(name, written);
  }

  /** One map for all of the run: scopes that were made before there was a result see those that come. */
  #resultsOf(host: string): Map<string, Written> {
    const results = this.#results.get(host) ?? new Map<string, Written>();
    this.#results.set(host, results);
    return results;
  }
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import type { Position } from '../diagnostics/errors.ts';
import { catalog } from '../modules/catalog.ts';
import type { AnyModule } from '../model/module.ts';
import type { ModuleCatalog } from '../model/catalog.ts';
import { OUTPUTS } from '../model/options/command-options.ts';
import { blockKeywords, handlerKeywords, importKeywords, includeArguments } from '../playbook/keywords/keywords.ts';
import type { ReporterDefinition } from '../reporters/define.ts';
import { addTransport } from '../model/transport/added-transports.ts';
import { addHelper, builtInHelpers } from '../language/templates/helpers/added.ts';
import { guardedHelper, guardedModule } from './guard.ts';
import { faultsOf } from './shapes.ts';
import type { Definition, Kind } from './shapes.ts';

/** Folders beside a playbook or in a role, and what their files define. */
const FOLDERS: Record<string, Kind> = { modules: 'module', helpers: 'helper' };
const KEYWORDS = new Set(
  [blockKeywords, handlerKeywords, importKeywords, includeArguments].flatMap((keywords) => Object.keys(keywords)),
);

/** What `xrun_connection` is without plugins. */
const CONNECTIONS = ['ssh', 'smart', 'openssh', 'paramiko', 'local'];

/** The plugins of one project: what they define, and what is wrong with them. */
export class Plugins {
  readonly modules = new Map<string, AnyModule>();
  readonly reporters = new Map<string, ReporterDefinition>();
  /** What is wrong with those added so far. */
  readonly errors: XrunError[] = [];
  readonly #shown: (file: string) => string;
  readonly #files = new Set<string>();
  /** The file of each thing, by kind and name. */
  readonly #owners = new Map<string, string>();
  #names: readonly string[] = catalog.names;

  /** @param shown the name that messages give a file */
  constructor(shown: (file: string) => string) {
    this.#shown = shown;
  }

  /** The modules that xrun brings, and those of the plugins. */
  get catalog(): ModuleCatalog {
    const names = () => this.#names;
    return {
      get names() {
        return names();
      },
      facts: catalog.facts,
      load: async (name) => this.modules.get(name) ?? catalog.load(name),
      addFrom: async (directory) => {
        const before = this.errors.length;
        await this.addFolders(directory);
        return this.errors.slice(before);
      },
    };
  }

  /** Adds what lies in `modules/` and `helpers/` of a directory. */
  async addFolders(directory: string): Promise<void> {
    for (const [folder, kind] of Object.entries(FOLDERS)) {
      for (const file of filesIn(join(directory, folder))) await this.addFile(file, kind);
    }
  }

  /** Adds what a file defines; the same file once. In a folder of one kind definitions need not say of which kind they are. */
  async addFile(file: string, kind?: Kind): Promise<void> {
    if (this.#files.has(file)) return;
    this.#files.add(file);
    const shown = this.#shown(file);
    const start = { file: shown, line: 1, col: 1 };
    try {
      const { importFile } = await import('./import-file.ts');
      const found = definitionsIn(await importFile(file, 'the plugin', shown), kind);
      if (found.length === 0)
        this.#note('it exports nothing that xrun knows', start, 'export default defineModule({ ... }), of xrun/module');
      for (const definition of found) this.#add(definition, { file, shown });
    } catch (error) {
      if (!(error instanceof XrunError)) throw error;
      this.errors.push(error);
    }
  }

  #add(definition: Record<string, unknown>, origin: { file: string; shown: string }): void {
    const at = { file: origin.shown, line: 1, col: 1 };
    const faults = faultsOf(definition);
    for (const { message, hint } of faults) this.#note(message, at, hint, definition.name);
    if (faults.length > 0) return;
    const whole = definition as unknown as Definition;
    const names = [whole.name, ...(whole.kind === 'module' ? (whole.aliases ?? []) : [])];
    const taken = names
      .map((name) => [name, this.#ownerOf(whole.kind, name)] as const)
      .find(([, owner]) => owner !== undefined);
    if (taken)
      return this.#note(
        `the name '${taken[0]}' is taken by ${taken[1]}`,
        at,
        'give it a name with a prefix of your own: acme_...',
        whole.name,
      );
    for (const name of names) this.#owners.set(`${whole.kind} ${name}`, origin.shown);
    this.#keep(whole, names, origin);
  }

  #keep(definition: Definition, names: string[], origin: { file: string; shown: string }): void {
    if (definition.kind === 'helper') return addHelper(guardedHelper(definition, origin));
    if (definition.kind === 'reporter') return void this.reporters.set(definition.name, definition);
    if (definition.kind === 'transport') return addTransport(definition.name, definition);
    const module = guardedModule(definition, origin);
    for (const name of names) this.modules.set(name, module);
    this.#names = [...this.#names, ...names].sort();
  }

  #ownerOf(kind: Kind, name: string): string | undefined {
    const owner = this.#owners.get(`${kind} ${name}`);
    if (owner !== undefined) return owner;
    if (kind === 'reporter') return (OUTPUTS as readonly string[]).includes(name) ? 'an output of xrun' : undefined;
    if (kind === 'transport') return CONNECTIONS.includes(name) ? 'a connection of xrun' : undefined;
    if (kind === 'helper') return builtInHelpers.has(name) ? 'a helper of xrun' : undefined;
    return catalog.names.includes(name) ? 'a module of xrun' : KEYWORDS.has(name) ? 'a keyword of tasks' : undefined;
  }

  #note(message: string, at: Position, hint?: string, name?: unknown): void {
    const what = typeof name === 'string' ? `the plugin '${name}' cannot be used` : 'the plugin cannot be used';
    this.errors.push(new XrunError('E_PLUGIN', `${what}: ${message}`, { at, ...(hint !== undefined && { hint }) }));
  }
}

/** Plugins among the files of a folder: neither tests nor types, and nothing whose name begins with _ or a dot. */
function filesIn(folder: string): string[] {
  const plugin = /^[^_.].*(?<!\.test|\.spec|\.d)\.(js|mjs|ts)$/;
  try {
    return readdirSync(folder)
      .filter((name) => plugin.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The definitions that a file exports: by default or by name, one by one or in lists. */
function definitionsIn(exported: Record<string, unknown>, kind: Kind | undefined): Record<string, unknown>[] {
  const whole = 'kind' in exported ? [exported] : Object.values(exported);
  const found = new Set(
    whole
      .flat()
      .filter(
        (value): value is Record<string, unknown> =>
          typeof value === 'object' &&
          value !== null &&
          ('kind' in value || (kind !== undefined && value === exported.default)),
      ),
  );
  return [...found].map((value) => (kind !== undefined && !('kind' in value) ? { ...value, kind } : value));
}

import { XrunError } from '../../diagnostics/errors.ts';
import { catalog } from '../../modules/catalog.ts';
import type { AnyModule, Returns } from '../../model/module.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { argumentDocs } from './argument-docs.ts';
import type { ArgumentDocs } from './argument-docs.ts';

export type { ArgumentDocs } from './argument-docs.ts';

/** A module as its users read of it, drawn from the definition that validates and runs it. */
export interface ModuleDocs {
  name: string;
  aliases: string[];
  summary: string;
  notes: string[];
  /** YAML. */
  examples: string;
  arguments: ArgumentDocs[];
  /** Fields of the result, besides those that every task has. */
  returns: Returns;
  /** The argument that a bare string sets. */
  freeForm?: string;
}

/**
 * Every module by name, without aliases; of one name or alias where it is given. Throws XrunError E_MODULE.
 *
 * @param from the modules that there are: those of xrun, or of a project
 */
export async function moduleDocs(name?: string, from: ModuleCatalog = catalog): Promise<ModuleDocs[]> {
  if (name !== undefined) return [docsOf(await known(name, from))];
  const modules = await Promise.all(from.names.map((each) => from.load(each)));
  return [...new Set(modules)].map(docsOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function known(name: string, from: ModuleCatalog): Promise<AnyModule> {
  if (from.names.includes(name)) return from.load(name);
  const hint = didYouMean(name, from.names) ?? '`xrun modules` lists them all.';
  throw new XrunError('E_MODULE', `there is no module '${name}'`, { hint });
}

/** What the engine evaluates before the schema sees it. */
function typesOf({ conditions = [], evaluates = [] }: AnyModule): Record<string, string> {
  return Object.fromEntries([
    ...conditions.map((name) => [name, 'condition or list of conditions']),
    ...evaluates.map((name) => [name, 'expression']),
  ]);
}

/** The argument's description, with its other names at the end. */
function withSynonyms(argument: ArgumentDocs, { synonyms = {} }: AnyModule): ArgumentDocs {
  const others = Object.keys(synonyms).filter((name) => synonyms[name] === argument.name);
  if (others.length === 0) return argument;
  const list = others.map((name) => `\`${name}\``).join(', ');
  return { ...argument, description: `${argument.description} Also called ${list}.` };
}

function docsOf(module: AnyModule): ModuleDocs {
  return {
    name: module.name,
    aliases: module.aliases ?? [],
    summary: module.summary,
    notes: module.notes ?? [],
    examples: module.examples.trim(),
    arguments: argumentDocs(module.args, typesOf(module)).map((one) => withSynonyms(one, module)),
    returns: module.returns ?? {},
    ...(module.freeForm !== undefined && { freeForm: module.freeForm }),
  };
}

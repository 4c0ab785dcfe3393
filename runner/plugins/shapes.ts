import * as z from 'zod';
import { API_VERSION } from '../model/api-version.ts';
import type { LocalKind } from '../model/arguments/local.ts';
import type { AnyModule, Traits } from '../model/module.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { ReporterDefinition } from '../reporters/define.ts';
import type { TransportDefinition } from '../model/transport/transport-definition.ts';
import type { Helper } from '../language/templates/helpers/helper.ts';

/** What a plugin may define. */
export type Definition =
  | ({ kind: 'module' } & AnyModule)
  | ({ kind: 'helper' } & Helper)
  | ({ kind: 'reporter' } & ReporterDefinition)
  | ({ kind: 'transport' } & TransportDefinition);
export type Kind = Definition['kind'];

const method = z.custom<unknown>((value) => typeof value === 'function', 'expected a function');
const line = z.string('expected text').regex(/^[^\n]*\S[^\n]*$/, 'expected one line of text');
const texts = z.array(z.string(), 'expected a list of texts');
const yes = z.literal(true);
const stamp = { kind: z.string(), api: z.number().optional() };

/** What may be read of a file of the controller. */
const LOCAL_KINDS = ['file', 'tree', 'archive', 'image', 'template', 'command'] satisfies LocalKind[];

/** Modules are named as Ansible's are: a dot would be a collection's. */
const moduleName = z
  .string('expected text')
  .regex(/^[a-z][a-z0-9_]*$/, 'expected a name of lower-case letters, digits and _');
const objectSchema = z.custom<unknown>(
  isObjectSchema,
  'expected a Zod 4 object: z.strictObject({ ... }) with the z of xrun/module',
);

/** All but `controlsFlow`, which the engine has to know. */
const traits = {
  once: yes.optional(),
  changesVariables: z.enum(['arguments', 'files', 'facts', 'hosts']).optional(),
  addsFacts: texts.optional(),
  effects: z.enum(['none', 'controller', 'network', 'cluster']).optional(),
  opaque: yes.optional(),
  judges: yes.optional(),
  readsElsewhere: yes.optional(),
  allHosts: yes.optional(),
  timed: z.enum(['span', 'elapsed']).optional(),
} satisfies Record<Exclude<keyof Traits, 'controlsFlow'>, z.ZodType>;

const moduleShape = {
  ...stamp,
  name: moduleName,
  aliases: z.array(moduleName).optional(),
  summary: line,
  notes: texts.optional(),
  examples: z.string('expected YAML tasks, as text'),
  args: objectSchema,
  freeForm: z.string().optional(),
  synonyms: z.record(z.string(), z.string()).optional(),
  local: z.record(z.string(), z.enum(LOCAL_KINDS, `expected ${LOCAL_KINDS.join(', ')}`)).optional(),
  localUnless: z.string().optional(),
  saves: method.optional(),
  traits: z.strictObject(traits).optional(),
  fresh: yes.optional(),
  probeMayFail: yes.optional(),
  freeNames: z.boolean().optional(),
  secrets: method.optional(),
  advice: method.optional(),
  conditions: texts.optional(),
  evaluates: texts.optional(),
  resource: method.optional(),
  probe: method.optional(),
  parse: method.optional(),
  decide: method,
  delay: method.optional(),
  secretResults: texts.optional(),
  returns: z.record(z.string(), line).optional(),
  result: method.optional(),
  prove: z
    .union([yes, z.object({ timeout: z.number(), interval: z.number() })], 'expected true or { timeout, interval }')
    .optional(),
} satisfies Record<keyof AnyModule, z.ZodType>;

const helperShape = {
  ...stamp,
  name: z.string('expected text').regex(/^[a-z][A-Za-z0-9]*$/, 'expected a name of letters and digits'),
  args: z.string("expected the arguments' names: 'list separator?'"),
  summary: line,
  example: z.object(
    { template: z.string(), vars: z.record(z.string(), z.unknown()).optional(), result: z.unknown() },
    'expected { template, vars?, result }',
  ),
  named: z.record(z.string(), z.string()).optional(),
  lenient: yes.optional(),
  templatesOnly: yes.optional(),
  run: method,
  choose: method.optional(),
} satisfies Record<keyof Helper, z.ZodType>;

const reporterShape = {
  ...stamp,
  name: z.string('expected text').regex(/^[a-z][a-z0-9-]*$/, 'expected a name of lower-case letters, digits and -'),
  summary: line,
  create: method,
} satisfies Record<keyof ReporterDefinition, z.ZodType>;

const transportShape = {
  ...stamp,
  name: z.string('expected text').regex(/^[a-z][a-z0-9_-]*$/, 'expected a name of lower-case letters, digits, _ and -'),
  summary: line,
  connect: method,
} satisfies Record<keyof TransportDefinition, z.ZodType>;

const SHAPES: Record<Kind, z.ZodRawShape> = {
  module: moduleShape,
  helper: helperShape,
  reporter: reporterShape,
  transport: transportShape,
};

/** Whether there are plugins of this kind. */
export function isKind(kind: unknown): kind is Kind {
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind);
}

/** What is wrong with a definition: sentences, none where it is a whole one. */
export function faultsOf(definition: Record<string, unknown>): { message: string; hint?: string }[] {
  const { kind, api } = definition;
  if (api !== undefined && api !== API_VERSION) {
    return [
      {
        message: `it is written for version ${String(api)} of the plugin API, and this xrun has version ${API_VERSION}`,
        hint: 'Install a version of the plugin that fits this xrun.',
      },
    ];
  }
  if (!isKind(kind))
    return [{ message: `its kind is ${JSON.stringify(kind)}, expected one of ${Object.keys(SHAPES).join(', ')}` }];
  const { error } = z.strictObject(SHAPES[kind]).safeParse(definition);
  return (error?.issues ?? []).flatMap((issue) => sentences(issue, kind, definition));
}

function sentences(
  issue: z.core.$ZodIssue,
  kind: Kind,
  definition: Record<string, unknown>,
): { message: string; hint?: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = didYouMean(key, Object.keys(SHAPES[kind]));
      return { message: `a ${kind} has no '${key}'`, ...(hint && { hint }) };
    });
  }
  const path = issue.path.join('.');
  const missing = definition[String(issue.path[0])] === undefined;
  return [{ message: missing ? `it has no '${path}': ${issue.message}` : `'${path}': ${issue.message}` }];
}

function isObjectSchema(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('_zod' in value)) return false;
  try {
    return (
      (
        z.toJSONSchema(value as z.ZodType, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as {
          type?: unknown;
        }
      ).type === 'object'
    );
  } catch {
    return false;
  }
}

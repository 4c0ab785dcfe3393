import { found, isMapping, isTemplate } from '../../diagnostics/found.ts';
import { keepPositions, positionOf } from '../../language/yaml/positions.ts';
import type { Fields } from '../keywords/fields.ts';
import type { Loading } from './loading.ts';
import { roleFiles } from './role-files.ts';

type Mapping = Record<string, unknown>;

/**
 * The task by which a role begins that says in `meta/argument_specs.yml`, or under that key of `meta/main.yml`, which
 * variables it takes: none where it says nothing of the file of tasks that is to run.
 *
 * @param path the role's directory, absolute
 * @param args `tasks_from`, and `rolespec_validate`, by which a caller leaves the task out
 * @param meta what `meta/main.yml` holds
 */
export async function argumentTask(loading: Loading, path: string, args: Fields, meta: Mapping): Promise<Mapping[]> {
  if (args.flag('rolespec_validate') === false) return [];
  const specs = (await ownFile(loading, path)) ?? meta;
  const entries = mappingAt(loading, specs, 'argument_specs');
  const entry = (args.text('tasks_from')?.value ?? 'main').replace(/\.(ya?ml|json)$/, '');
  const spec = entries && mappingAt(loading, entries, entry);
  const options = spec && mappingAt(loading, spec, 'options');
  if (!options) return [];
  const about = typeof spec.short_description === 'string' ? ` - ${spec.short_description}` : '';
  const task = {
    name: `Validating arguments against arg spec '${entry}'${isTemplate(about) ? '' : about}`,
    tags: 'always',
    validate_argument_spec: {
      argument_spec: reduced(options),
      provided_arguments: Object.fromEntries(
        Object.keys(options)
          .filter((name) => /^[A-Za-z_]\w*$/.test(name))
          .map((name) => [name, `{{ternary (defined ${name}) ${name} omit}}`]),
      ),
    },
  };
  return [keepPositions(task, spec)];
}

async function ownFile(loading: Loading, path: string): Promise<Mapping | undefined> {
  for (const file of roleFiles(loading, path, 'meta', undefined, 'argument_specs')) {
    const content = await loading.read(file);
    if (isMapping(content)) return content;
  }
  return undefined;
}

function mappingAt(loading: Loading, map: Mapping, key: string): Mapping | undefined {
  const value = map[key];
  if (value === undefined || value === null) return undefined;
  if (isMapping(value)) return value;
  loading.problems.add('E_TYPE', `'${key}': found ${found(value)}, expected a mapping`, positionOf(map, key));
  return undefined;
}

/** What is checked of each argument, without what is for people or, as defaults, never used: these may hold Jinja. */
function reduced(options: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => {
      const { type, required, choices, elements, no_log, options: inner } = isMapping(spec) ? spec : {};
      const plain = Array.isArray(choices) && !choices.some(isTemplate) ? { choices } : {};
      const own = Object.entries({ type, required, elements, no_log }).filter(([, value]) => value !== undefined);
      return [name, { ...Object.fromEntries(own), ...plain, ...(isMapping(inner) && { options: reduced(inner) }) }];
    }),
  );
}

import type { Fields } from '../keywords/fields.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { shortName } from '../../model/catalog.ts';
import type { PlayFrame, Raw, Settings, Inherited, TaskReader, VarsLayer } from '../../model/playbook.ts';

/** A frame in which nothing was found yet. */
export function newFrame(dir: string, read: TaskReader): PlayFrame {
  return {
    dir,
    read,
    handlers: [],
    roleDefaults: [],
    roleVars: [],
    roleNames: { listed: [], dependent: [] },
    ran: new Set(),
    heard: new Set(),
  };
}

/** The surroundings of what is below `fields`: its keywords on top of those around it. */
export function surround(outer: Inherited, fields: Fields, what: string): Inherited {
  return {
    ...outer,
    settings: mergeSettings(outer.settings, settingsOf(fields)),
    tags: unique([...outer.tags, ...fields.texts('tags', ',').map((tag) => tag.value)]),
    when: [...outer.when, ...fields.exprs('when')],
    vars: [...outer.vars, ...varsLayer(fields, 'vars', `${what} vars`)],
    notify: fields.has('notify') ? uniqueNotify(fields.texts('notify')) : outer.notify,
    moduleDefaults: [...outer.moduleDefaults, ...defaultsOf(fields)],
  };
}

/** The keywords that plays, blocks and tasks share, as far as they are given. */
export function settingsOf(fields: Fields): Settings {
  const settings: Settings = { environment: fields.has('environment') ? [fields.raw('environment') as Raw] : [] };
  for (const [keyword, name] of Object.entries(settingNames)) {
    const raw = fields.raw(keyword);
    if (raw && raw.value !== null) settings[name] = raw;
  }
  return settings;
}

export function mergeSettings(outer: Settings, own: Settings): Settings {
  return { ...outer, ...own, environment: [...outer.environment, ...own.environment] };
}

/** A layer of the variables at `key`, or none. */
export function varsLayer(fields: Fields, key: string, origin: string): VarsLayer[] {
  const vars = fields.get(key);
  return isMapping(vars) ? [{ origin, vars }] : [];
}

function defaultsOf(fields: Fields): Record<string, Record<string, unknown>>[] {
  const written = fields.get('module_defaults');
  if (!isMapping(written)) return [];
  const entries = Object.entries(written).filter((entry): entry is [string, Record<string, unknown>] =>
    isMapping(entry[1]),
  );
  return [Object.fromEntries(entries.map(([name, args]) => [shortName(name), args]))];
}

type SettingName = Exclude<keyof Settings, 'environment'>;

const settingNames: Record<string, SettingName> = {
  become: 'become',
  become_user: 'becomeUser',
  become_method: 'becomeMethod',
  check_mode: 'checkMode',
  diff: 'diff',
  no_log: 'noLog',
  ignore_errors: 'ignoreErrors',
  ignore_unreachable: 'ignoreUnreachable',
  any_errors_fatal: 'anyErrorsFatal',
  throttle: 'throttle',
  timeout: 'timeout',
  delegate_to: 'delegateTo',
  delegate_facts: 'delegateFacts',
  run_once: 'runOnce',
  connection: 'connection',
  remote_user: 'user',
  port: 'port',
};

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

function uniqueNotify(values: Raw<string>[]): Raw<string>[] {
  return [...new Map(values.map((raw) => [raw.value, raw])).values()];
}

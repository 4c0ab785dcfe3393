import type { Helper } from './helper.ts';

/** How a helper is called, as the documentation shows it: `json value indent=`. */
export function helperUsage({ name, args, named = {} }: Helper): string {
  return [name, args, ...Object.keys(named).map((key) => (key === '*' ? 'name=...' : `${key}=`))]
    .filter(Boolean)
    .join(' ');
}

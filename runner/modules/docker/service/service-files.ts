import type { ServiceFile, SwarmNames } from './service-args.ts';

/** A secret or config of a service, as Docker's API has it. */
interface ApiFile {
  File?: { Name: string; UID: string; GID: string; Mode: number };
  [key: `${string}ID` | `${string}Name`]: string;
}

/** Secrets or configs for the API, which wants their ids besides their names. */
export function filesOf(kind: 'Secret' | 'Config', ids: (names: SwarmNames) => Record<string, string> | undefined) {
  return (files: ServiceFile[], _found: unknown, names: SwarmNames) =>
    files.map(({ name, filename, uid, gid, mode }) => ({
      File: { Name: filename, UID: uid, GID: gid, Mode: mode },
      [`${kind}ID`]: ids(names)?.[name] ?? '',
      [`${kind}Name`]: name,
    }));
}

/** `name as file, uid 0, gid 0, mode 444`; one that was made anew under its name has another id, and counts as different. */
export function fileText(value: ApiFile[] | null): string[] {
  return (value ?? []).map((one) => {
    const { Name = '', UID = '0', GID = '0', Mode = 0o444 } = one.File ?? {};
    const name = one.SecretName ?? one.ConfigName ?? '';
    return `${name} (${(one.SecretID ?? one.ConfigID ?? '').slice(0, 12)}) as ${Name}, ${UID || '0'}:${GID || '0'}, mode ${Mode.toString(8)}`;
  });
}

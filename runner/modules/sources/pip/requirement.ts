import { satisfies, validRange } from '@renovatebot/pep440/lib/specifier.js';

/** What a task or a requirements file asks for. */
export interface Requirement {
  /** As pip is given it. */
  text: string;
  /** As pip compares names (PEP 503); absent where only pip knows it: a URL, or a path. */
  name?: string;
  /** Versions, as PEP 440 writes them: `>=4,<5`. */
  range?: string;
}

/** Installed versions by name, as PEP 503 writes names. */
export type Installed = Record<string, string>;

/** A name as pip compares it (PEP 503). */
export const normalName = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Reads `requests[socks]>=2,<3; python_version > "3"`. */
export function parseRequirement(text: string): Requirement {
  const [, name, range = ''] =
    /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?([^;()@]*)\)?\s*(?:;.*)?$/.exec(
      text.trim(),
    ) ?? [];
  const versions = range.trim();
  if (name === undefined || /\.(whl|zip|tar\.\w+|tgz)$/.test(text)) return { text };
  if (versions === '') return { text, name: normalName(name) };
  return validRange(versions) ? { text, name: normalName(name), range: versions } : { text };
}

/** Pieces of a text with commas belong together where one begins with an operator: `a>1,<2` is one requirement. */
export function requirementList(pieces: readonly string[]): string[] {
  const found: string[] = [];
  for (const piece of pieces.map((one) => one.trim()).filter(Boolean))
    if (/^[<>=!~]/.test(piece) && found.length > 0) found.push(`${found.pop()},${piece}`);
    else found.push(piece);
  return found;
}

/** Whether that is installed; undefined where only pip can know. */
export function isInstalled({ name, range }: Requirement, installed: Installed): boolean | undefined {
  if (name === undefined) return undefined;
  const version = installed[name];
  if (version === undefined) return false;
  return range === undefined || satisfies(version, range, { prereleases: true });
}

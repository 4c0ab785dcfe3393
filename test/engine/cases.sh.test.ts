import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { XrunError, XrunErrors } from '../../runner/diagnostics/errors.ts';
import type { RunOptions } from '../../runner/api/index.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { playground } from '../support/playground.ts';
import type { Played } from '../support/playground.ts';

/** One playbook and what becomes of it. What is given is compared whole; `ends` and `messages` in order. */
interface Case {
  name: string;
  /** `site.yml`. */
  playbook: string;
  /** More files by name. */
  files?: Record<string, string>;
  hosts?: Record<string, Record<string, unknown>>;
  options?: Partial<RunOptions>;
  ends?: string[];
  messages?: string[];
  /** Hosts that are fine and hosts that are not, by the summary. */
  failed?: string[];
  /** The text of errors on hosts, each a part of one. */
  errors?: string[];
  warnings?: string[];
  /** Words that no event may hold. */
  hidden?: string[];
  /** Refused before any host is touched: the code. */
  refused?: string;
  /** Run again on the same files: what the second run tells. */
  again?: Omit<Case, 'name' | 'playbook' | 'files' | 'hosts' | 'again'>;
}

const folder = new URL('../cases/engine/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const cases = loadYaml(readFileSync(new URL(file, folder), 'utf8'), file).value as Case[];
  describe(file.replace('.yml', ''), () => {
    for (const one of cases) test(one.name, () => check(one));
  });
}

async function check(one: Case): Promise<void> {
  const ground = await playground({ ...one.files, 'site.yml': one.playbook }, one.hosts);
  try {
    await play(ground, one);
    if (one.again) await play(ground, { ...one.again });
  } finally {
    await ground.clean();
  }
}

async function play(
  ground: Awaited<ReturnType<typeof playground>>,
  wanted: Omit<Case, 'name' | 'playbook'>,
): Promise<void> {
  let played: Played;
  try {
    played = await ground.run(wanted.options);
  } catch (error) {
    if (!wanted.refused || !(error instanceof XrunError)) throw error;
    const codes = error instanceof XrunErrors ? error.errors.map((e) => e.code) : [error.code];
    expect(codes).toContain(wanted.refused);
    return;
  }
  expect(wanted.refused, 'it was to be refused').toBeUndefined();
  compare(played, wanted);
}

function compare(played: Played, wanted: Omit<Case, 'name' | 'playbook'>): void {
  const problems = played.events.flatMap((e) =>
    e.type === 'task_end' && e.error && e.item === undefined ? [e.error.message] : [],
  );
  if (wanted.ends) expect(played.ends, problems.join('\n')).toEqual(wanted.ends);
  if (wanted.messages) expect(played.messages, problems.join('\n')).toEqual(wanted.messages);
  const down = Object.entries(played.summary.stats).filter(([, s]) => s.failed + s.unreachable > 0);
  expect(
    down.map(([host]) => host),
    problems.join('\n'),
  ).toEqual(wanted.failed ?? []);
  for (const part of wanted.errors ?? []) expect(problems.join('\n')).toContain(part);
  const warnings = played.events.flatMap((e) => (e.type === 'warning' ? [e.message] : []));
  for (const part of wanted.warnings ?? []) expect(warnings.join('\n')).toContain(part);
  for (const word of wanted.hidden ?? []) expect(JSON.stringify(played.events)).not.toContain(word);
}

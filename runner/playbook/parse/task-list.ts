import type { Position } from '../../diagnostics/errors.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { readBlock } from './block.ts';
import { shortName } from '../../model/catalog.ts';
import { shapeHint } from '../keywords/fields.ts';
import { found, isMapping } from '../../diagnostics/found.ts';
import { readInclude } from './include-task.ts';
import type { IncludeKind } from './include-task.ts';
import { includeArguments } from '../keywords/keywords.ts';
import type { Loading } from './loading.ts';
import { readTask } from './task.ts';
import type { Inherited, TaskNode, TaskReader } from '../../model/playbook.ts';

/** The reader of the lists that are part of what is loaded. */
export function taskReader(loading: Loading): TaskReader {
  return {
    list: (list, around) => readTasks(loading, list, around),
    file: (file, from, around) => readTaskFile(loading, file, from, around),
  };
}

async function readTasks(loading: Loading, list: readonly unknown[], around: Inherited): Promise<TaskNode[]> {
  const nodes: TaskNode[] = [];
  for (const [index, item] of list.entries()) {
    if (isMapping(item)) nodes.push(...(await readNode(loading, item, around)));
    else
      loading.problems.add('E_TYPE', `found ${found(item)}, expected a task`, positionOf(list, index), shapeHint(item));
  }
  return nodes;
}

async function readTaskFile(loading: Loading, file: string, from: Position, around: Inherited): Promise<TaskNode[]> {
  if (around.files.includes(file)) {
    loading.problems.add(
      'E_CYCLE',
      `${loading.shown(file)} imports itself`,
      from,
      'Use `include_tasks` with a condition that ends it.',
    );
    return [];
  }
  const content = await loading.read(file, from);
  if (content === undefined || content === null) return [];
  if (!Array.isArray(content)) {
    loading.problems.add(
      'E_TYPE',
      `found ${found(content)}, expected a list of tasks`,
      positionOf(content) ?? fileStart(loading, file),
    );
    return [];
  }
  const play = content.findIndex((item) => isMapping(item) && Object.hasOwn(item, 'hosts'));
  if (play >= 0) {
    const at = positionOf(content[play], 'hosts', 'key');
    loading.problems.add(
      'E_TYPE',
      'found a play, expected a list of tasks',
      at,
      'Import a whole playbook with `import_playbook`, beside the plays.',
    );
    return [];
  }
  return readTasks(loading, content, { ...around, files: [...around.files, file] });
}

async function readNode(loading: Loading, map: Record<string, unknown>, around: Inherited): Promise<TaskNode[]> {
  if (Object.hasOwn(map, 'block')) return readBlock(loading, map, around);
  const include = Object.keys(map).find((key) => Object.hasOwn(includeArguments, shortName(key)));
  if (include) return readInclude(loading, map, include, shortName(include) as IncludeKind, around);
  return [await readTask(loading, map, around)];
}

function fileStart(loading: Loading, file: string): Position {
  return { file: loading.shown(file), line: 1, col: 1 };
}

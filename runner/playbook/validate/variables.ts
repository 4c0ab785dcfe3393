import type { XrunError } from '../../errors.ts';
import { builtInNames } from '../../vars/built-ins.ts';
import { conditionNeeds, needsOf, templateNeeds } from '../../vars/needs.ts';
import type { Needs } from '../../vars/needs.ts';
import { undefinedVariable } from '../../vars/undefined.ts';
import { positionOf } from '../../yaml/positions.ts';
import { namedByTemplates } from '../arguments.ts';
import type { Problems } from '../problems.ts';
import type { Task, TaskNode, VarsLayer } from '../types.ts';
import type { Contents } from './contents.ts';
import type { TemplateFile } from './files.ts';
import type { IncludedVars } from './included-vars.ts';
import { valuesOf } from './values.ts';

/**
 * Notes variables that are read though nothing can give them: no inventory, play, role, block, task, earlier result or
 * option. A name that a task tests (`defined(x)`, `default`) may be missing in that task.
 */
export function checkVariables(contents: readonly Contents[], templates: readonly TemplateFile[], included: IncludedVars, variables: Iterable<string>, problems: Problems): void {
  if (contents.some(({ complete, nodes }) => !complete || nodes.some((node) => isOpen(node, included)))) return;
  const values = new Map<string, VarsLayer[]>();
  for (const layer of [...contents.flatMap(layersOf), ...included.values()]) {
    for (const name of Object.keys(layer.vars)) values.set(name, [...(values.get(name) ?? []), layer]);
  }
  const known = new Set([...builtInNames, ...variables, ...values.keys(), ...contents.flatMap(namesMade)]);
  const followed = new Set<string>();
  const check = ({ reads, tests }: Needs, into: XrunError[]) => {
    for (const { name, at } of reads) {
      if (tests.has(name)) continue;
      if (!known.has(name) && !isBuiltIn(name)) into.push(undefinedVariable(name, known, at));
      else follow(name, into);
    }
  };
  // What a variable's own value reads matters only where something reads the variable.
  const follow = (name: string, into: XrunError[]) => {
    if (followed.has(name)) return;
    followed.add(name);
    for (const { vars } of values.get(name) ?? []) check(needsOf(vars[name], positionOf(vars, name)), into);
  };
  for (const { play } of contents) {
    for (const raw of [play.hosts, play.serial, play.maxFailPercentage]) if (raw) check(needsOf(raw.value, raw.at), problems.errors);
  }
  for (const node of contents.flatMap(({ nodes }) => nodes)) {
    const conditions = needsOfConditions(node);
    check(conditions, problems.errors);
    const unsure: XrunError[] = [];
    const needs = needsOfNode(node, templates);
    check({ ...needs, tests: new Set([...conditions.tests, ...needs.tests]) }, node.when.length > 0 ? unsure : problems.errors);
    // Where the condition does not hold, as with variables of another inventory, nobody reads them.
    for (const { message, at, hint } of unsure) problems.warn('W_UNDEFINED', `${message}, should the condition ever hold`, at, hint);
  }
}

/** A module of which nobody knows beforehand what variables it makes. */
function isOpen(node: TaskNode, included: IncludedVars): boolean {
  return node.kind === 'task' && (node.module === 'include_vars' ? !included.has(node) : namedByTemplates(node));
}

function layersOf({ layers, nodes }: Contents): VarsLayer[] {
  return [...layers, ...nodes.flatMap((node) => node.vars)];
}

/** Names that tasks of a play make while it runs. */
function namesMade({ play, nodes }: Contents): string[] {
  const made = nodes.flatMap((node) => [
    ...(node.loop ? [node.loop.loopVar, node.loop.indexVar ?? node.loop.loopVar] : []),
    ...(node.kind === 'task' ? namesOfTask(node) : []),
  ]);
  return [...made, ...play.varsPrompt.map(({ name }) => name)];
}

function namesOfTask({ module, args, register }: Task): string[] {
  const sets = module === 'set_fact' || module === 'add_host' || module === 'group_by';
  return [...(register === undefined ? [] : [register]), ...(sets ? Object.keys(args) : [])];
}

function isBuiltIn(name: string): boolean {
  return /^(ansible|xrun)_/.test(name);
}

function needsOfConditions(node: TaskNode): Needs {
  const needs: Needs = { reads: [], tests: new Set() };
  for (const condition of node.when) conditionNeeds(condition, needs);
  return needs;
}

function needsOfNode(node: TaskNode, templates: readonly TemplateFile[]): Needs {
  const needs: Needs = { reads: [], tests: new Set() };
  for (const { value, at } of valuesOf(node)) needsOf(value, at, needs);
  if (node.kind !== 'task') return needs;
  // The name of a task's own result in the conditions that judge it.
  if (node.changedWhen.length + node.failedWhen.length + (node.until?.length ?? 0) > 0) needs.tests.add('result');
  for (const condition of [...node.changedWhen, ...node.failedWhen, ...(node.until ?? []), ...(node.judged ?? [])]) conditionNeeds(condition, needs);
  for (const { task, text, source } of templates) if (task === node) templateNeeds(text, (start, end) => source.pos(start, end), needs);
  return needs;
}

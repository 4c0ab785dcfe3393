import { conditionNeeds, needsOf, noNeeds, templateNeeds } from '../../../language/templates/needs/needs.ts';
import type { Needs } from '../../../language/templates/needs/needs.ts';
import { isMapping } from '../../../diagnostics/found.ts';
import type { Expr, Task, TaskNode } from '../../../model/playbook.ts';
import type { TemplateFile } from '../files.ts';
import { valuesOf } from './values.ts';
import { vaultsIn } from './written.ts';

/** What a node's conditions expect of the variables. */
export function needsOfConditions(node: TaskNode): Needs {
  const needs = noNeeds();
  for (const condition of node.when) conditionNeeds(condition, needs);
  return needs;
}

/** What all else of it does, with the template files that it renders. */
export function needsOfNode(node: TaskNode, templates: readonly TemplateFile[]): Needs {
  const needs = noNeeds();
  for (const { value, at } of valuesOf(node)) needsOf(value, at, needs);
  if (node.kind !== 'task') return needs;
  const judging = [...node.changedWhen, ...node.failedWhen, ...(node.until ?? [])];
  // The name of a task's own result in the conditions that judge it.
  if (judging.length > 0) needs.tests.add('result');
  for (const condition of [...judging, ...(node.judged ?? [])]) conditionNeeds(condition, needs);
  for (const { text, source } of templates) templateNeeds(text, (start, end) => source.pos(start, end), needs);
  return needs;
}

/** Whether a node itself names a host or a group, or holds a secret: nothing is parsed to find out. */
export function namesHosts(node: TaskNode, templates: readonly TemplateFile[]): boolean {
  const texts = [...conditionsOf(node).map(({ source }) => source), ...templates.map(({ text }) => text)];
  return texts.some(mentions) || valuesOf(node).some(({ value }) => mentions(value) || vaultsIn(value).length > 0);
}

function conditionsOf(node: TaskNode): Expr[] {
  const { changedWhen = [], failedWhen = [], until = [], judged = [] } = node as Partial<Task>;
  return [...node.when, ...changedWhen, ...failedWhen, ...until, ...judged];
}

function mentions(value: unknown): boolean {
  if (typeof value === 'string') return /\b(hostvars|groups)\b/.test(value);
  return (Array.isArray(value) || isMapping(value)) && Object.values(value).some(mentions);
}

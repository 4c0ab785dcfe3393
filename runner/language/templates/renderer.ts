import type { Position } from '../../diagnostics/errors.ts';
import type { Expr } from '../../model/playbook.ts';
import { keepPositions, positionOf } from '../yaml/positions.ts';
import { within } from '../yaml/place.ts';
import { SourceText } from '../yaml/source-text.ts';
import { UnsafeText } from '../yaml/faults/unsafe-text.ts';
import { VaultText } from '../vault/vault-text.ts';
import { checkTemplateText } from './check-calls.ts';
import { checkCondition, evaluateExpression, testCondition } from '../conditions/conditions.ts';
import { withReach } from '../conditions/reach.ts';
import { evaluator } from './evaluate.ts';
import type { Evaluation, Surroundings } from './evaluation.ts';
import { Root, rootFrame } from './frame.ts';
import { isOmit } from '../values/omit.ts';
import { loopItems } from './loop-forms.ts';
import { readsOf } from './needs/reads.ts';
import { diskSurroundings } from './surroundings.ts';
import { isTemplateText, parseTemplate } from './template.ts';
import type { Locate, Template } from './template.ts';
import type { Renderer, Scope } from '../../model/variables.ts';
import { NotKnown, settled, Unknown } from '../values/unknown.ts';
import { Vault } from '../vault/vault.ts';

/** What a renderer may reach; everything has a sensible default. */
export interface RendererOptions {
  /** The environment of the controller, for `{{env "NAME"}}`; empty where not given. */
  env?: Readonly<Record<string, string | undefined>>;
  /** What the names of files in positions are relative to; the process's directory where not given. */
  cwd?: string;
  /** Opens `!vault` values; without one they are errors. */
  vault?: Vault;
}

/** A renderer that can also say what is wrong before anything runs. */
export interface CheckingRenderer extends Renderer {
  /** Throws E_TEMPLATE where a text cannot be parsed. */
  checkTemplate(text: string, at: Position): void;
  /** Throws E_CONDITION where a condition cannot be parsed. */
  checkCondition(condition: Expr): void;
}

/** Makes the renderer of a run. */
export function createRenderer({ env = {}, cwd = '', vault = new Vault() }: RendererOptions = {}): CheckingRenderer {
  const surroundings: Surroundings = diskSurroundings(env, cwd, (text, file, root) =>
    renderFile(text, file, root, surroundings),
  );
  const reaching = <T>(scope: Scope, work: () => T) => withReach(surroundings.reach(new Root(scope)), work);
  const values = new Values(surroundings, vault);
  return {
    render: (value, scope, at) => settled(values.render(value, new Root(scope), at)),
    renderOpen: (value, scope, at) => values.render(value, new Root(scope), at),
    renderFile: (text, file, scope) => renderFile(text, file, new Root(scope), surroundings),
    test: (conditions, scope) => reaching(scope, () => testAll(conditions, scope)),
    evaluate: (expression, scope) => reaching(scope, () => evaluateExpression(expression, scope)),
    loopItems: (form, terms, scope) => loopItems(form, terms, surroundings.reach(new Root(scope))),
    reads: readsOf,
    checkTemplate: (text, at) =>
      void (isTemplateText(text) && checkTemplateText(text, (start, end) => within(at, start, end))),
    checkCondition,
  };
}

/** Renders values of any shape. */
class Values {
  readonly #surroundings: Surroundings;
  readonly #vault: Vault;
  /** Objects without a template in them: they are returned as they are. */
  readonly #plain = new WeakSet<object>();

  constructor(surroundings: Surroundings, vault: Vault) {
    this.#surroundings = surroundings;
    this.#vault = vault;
  }

  render(value: unknown, root: Root, at?: Position): unknown {
    if (typeof value === 'string') return isTemplateText(value) ? this.#text(value, root, at) : value;
    if (typeof value !== 'object' || value === null || this.#plain.has(value)) return value;
    if (value instanceof UnsafeText) return value.text;
    if (value instanceof VaultText) return this.#vault.open(value);
    if (isOmit(value) || !isPlain(value)) return value;
    const rendered = Array.isArray(value)
      ? this.#list(value, root, at)
      : this.#mapping(value as Record<string, unknown>, root, at);
    if (rendered === value && readsOf(value).size === 0) this.#plain.add(value);
    return rendered;
  }

  /** Text that hangs on what a check cannot know is as unknown as that. */
  #text(text: string, root: Root, at?: Position): unknown {
    try {
      return this.#known(text, root, at);
    } catch (error) {
      if (error instanceof NotKnown) return new Unknown(error.why);
      throw error;
    }
  }

  #known(text: string, root: Root, at?: Position): unknown {
    const locate: Locate = (start, end) => at && within(at, start, end);
    const template = parseTemplate(text, locate);
    const on = evaluation(template, locate, root, this.#surroundings);
    const frame = rootFrame(root);
    return template.lone ? evaluator.value(template.lone, frame, on) : evaluator.text(template.program, frame, on);
  }

  #list(list: unknown[], root: Root, at?: Position): unknown[] {
    const items = list.map((item, i) => this.render(item, root, positionOf(list, i) ?? at));
    if (items.every((item, i) => item === list[i])) return list;
    return keepPositions(items, list).filter((item) => !isOmit(item));
  }

  #mapping(mapping: Record<string, unknown>, root: Root, at?: Position): Record<string, unknown> {
    let changed = false;
    const entries = Object.keys(mapping).map((key) => {
      const old = mapping[key];
      const value = this.render(old, root, positionOf(mapping, key) ?? at);
      changed ||= value !== old;
      return [key, value] as const;
    });
    if (!changed) return mapping;
    return keepPositions(Object.fromEntries(entries.filter(([, value]) => !isOmit(value))), mapping);
  }
}

function renderFile(text: string, file: string, root: Root, surroundings: Surroundings): string {
  const source = new SourceText(file, text);
  const locate: Locate = (start, end) => source.pos(start, end);
  const template = parseTemplate(text, locate);
  return evaluator.text(template.program, rootFrame(root), evaluation(template, locate, root, surroundings));
}

function evaluation(template: Template, locate: Locate, root: Root, surroundings: Surroundings): Evaluation {
  return { within: evaluator, template, locate, root, surroundings, depth: 0, inline: {} };
}

/**
 * All conditions, in three-valued logic: one that is false decides, whatever is unknown. What comes after an unknown
 * one may be guarded by it, so that it cannot fail any more.
 */
function testAll(conditions: readonly Expr[], scope: Scope): boolean {
  let unknown: NotKnown | undefined;
  for (const condition of conditions) {
    try {
      if (!testCondition(condition, scope)) return false;
    } catch (error) {
      if (!unknown && !(error instanceof NotKnown)) throw error;
      unknown ??= error as NotKnown;
    }
  }
  if (unknown) throw unknown;
  return true;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

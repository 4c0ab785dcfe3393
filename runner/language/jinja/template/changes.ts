import type { Expr, ExprOf, Statement } from '../source/ast.ts';
import { changing } from '../translate/methods.ts';
import { some } from './writer.ts';

/** `list.append(x)` and the like. */
export function changeOf(expr: Expr): ExprOf<'call'> | undefined {
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute') return undefined;
  return Object.hasOwn(changing, String(expr.callee.key)) ? expr : undefined;
}

/** The variables that a template changes in place, though it has not set them itself: it needs copies of its own. */
export function changedVariables(body: readonly Statement[]): string[] {
  const [changed, own] = [new Set<string>(), new Set<string>()];
  some(body, (node) => {
    const found = node as Statement | Expr;
    if (found.kind === 'call') {
      const of = changeOf(found)?.callee;
      if (of?.kind === 'attribute' && of.of.kind === 'name') changed.add(of.of.name);
    }
    if (found.kind === 'set') for (const target of found.targets) if (target.kind === 'name') own.add(target.name);
    if (found.kind === 'for') for (const name of found.loop.targets) own.add(name);
    if (found.kind === 'macro') for (const { name } of found.macro.params) own.add(name);
    if (found.kind === 'with') for (const [name] of found.targets) own.add(name);
    return false;
  });
  return [...changed].filter((name) => !own.has(name));
}

import { hostOf } from '../../inventory/implicit.ts';
import type { Inventory, Sourced } from '../../model/inventory.ts';
import { inOrder, Problems } from '../../diagnostics/problems.ts';
import type { VarsLayer } from '../../model/playbook.ts';
import { checkTemplateText } from '../../language/templates/check-calls.ts';
import { eachTemplate } from '../../language/templates/needs/each-template.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { within } from '../../language/yaml/place.ts';
import type { Position, XrunError } from '../../diagnostics/errors.ts';

/**
 * E_TEMPLATE for each text that cannot be parsed, among all that the inventory has for these hosts, the weaker values
 * too, and among the variables of the command line: every reader would fail.
 */
export function wrongTexts(hosts: Iterable<string>, inventory: Inventory, extra: readonly VarsLayer[]): XrunError[] {
  const problems = new Problems();
  const seen = new Set<Sourced>();
  for (const host of hosts) {
    for (const candidates of hostOf(inventory, host).vars.values()) {
      for (const sourced of candidates) {
        if (sourced.literal || seen.has(sourced)) continue;
        seen.add(sourced);
        check(sourced.value, sourced.at, problems);
      }
    }
  }
  for (const { vars } of extra) check(vars, positionOf(vars), problems);
  return inOrder(problems.errors);
}

function check(value: unknown, at: Position | undefined, problems: Problems): void {
  eachTemplate(value, at, (text, place) => {
    problems.attempt(() => checkTemplateText(text, (start, end) => place && within(place, start, end)));
  });
}

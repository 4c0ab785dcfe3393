import * as z from 'zod';
import { defineModule } from '../../model/module.ts';
import { expression } from '../../model/arguments/judged.ts';
import { text } from '../../model/arguments/scalars.ts';
import { causesOf } from './causes/causes.ts';
import type { Cause } from './causes/cause.ts';
import { sceneOf } from './scene.ts';

const args = z.strictObject({
  hosts: z.array(text).describe('The hosts that were asked for: all of the play, lost ones too.'),
  results: expression.describe('An expression that gives the registered results by host: `hostvars`.'),
});

export default defineModule<typeof args, undefined>({
  name: 'network_causes',
  summary: 'Report why containers of several hosts do not reach each other',
  notes: [
    'It compares what `network_state` and `packet_trace` have registered as `network_state`, `packet_send` and `packet_read`. The result has `causes`, each with `hosts`, `text`, `fix`, `severity` and `paths`, `lines`, one for each cause, `found`, and `passing`: that some of it may end by itself, so that a second look is worth it.',
  ],
  examples: `
- network_causes:
    hosts: "{{ansible_play_hosts_all}}"
    results: hostvars
  run_once: true
  register: network_causes
`,
  returns: {
    causes: 'Each with hosts, text, fix, severity and paths.',
    lines: 'A line each.',
    found: 'Whether there is one.',
    passing: 'Whether one may end by itself within seconds.',
  },
  args,
  evaluates: ['results'],
  traits: { effects: 'none', once: true },
  decide: ({ hosts, results }) => {
    const causes = causesOf(sceneOf(hosts, results.value));
    const lines = causes.map(lineOf);
    return {
      kind: 'ok',
      message: lines.length > 0 ? lines.join('\n') : 'No cause was found.',
      result: {
        causes,
        lines,
        found: causes.some(({ severity }) => severity === 'cause'),
        passing: causes.some(({ passing }) => passing === true),
      },
    };
  },
});

/** One line of output: what is wrong, and what ends it. */
function lineOf({ severity, text: what, fix }: Cause): string {
  return `${severity === 'warning' ? 'warning: ' : ''}${what}. To repair it, ${fix}.`;
}

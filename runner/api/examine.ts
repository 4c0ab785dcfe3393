import type { XrunError } from '../diagnostics/errors.ts';
import { findLocal } from '../engine/action/local-files.ts';
import { examinePlaybook } from '../playbook/load.ts';
import type { LoadOptions } from '../playbook/load.ts';
import type { Playbook } from '../model/playbook.ts';
import { validatePlaybooks } from '../playbook/check/validate.ts';
import type { ExternalContext } from '../playbook/check/outside.ts';
import type { LoadRequest } from './request.ts';

/** Playbooks with everything that is wrong with them. */
export interface ExaminedPlaybooks {
  playbooks: Playbook[];
  errors: XrunError[];
  warnings: XrunError[];
  /** Hosts or groups may come up while they run. */
  makesHosts: boolean;
}

/**
 * Reads the playbooks of a request and checks each by itself and all as a whole.
 *
 * @param outside inventory and command line; undefined where they could not be read, then nothing is said of variables
 */
export async function examine(
  request: LoadRequest,
  options: LoadOptions,
  outside: ExternalContext | undefined,
): Promise<ExaminedPlaybooks> {
  const examined = [];
  for (const file of request.playbooks) examined.push(await examinePlaybook(file, options));
  const playbooks = examined.map(({ playbook }) => playbook);
  const found = examined.flatMap(({ errors }) => errors);
  const whole = await validatePlaybooks(playbooks, {
    ...options,
    found,
    findLocal,
    tags: [...(request.tags ?? []), ...(request.skipTags ?? [])],
    ...(outside && { outside }),
  });
  return {
    playbooks,
    errors: whole.errors,
    makesHosts: whole.makesHosts,
    warnings: [...examined.flatMap(({ warnings }) => warnings), ...whole.warnings],
  };
}

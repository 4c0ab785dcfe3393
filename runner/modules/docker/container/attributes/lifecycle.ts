import * as z from 'zod';
import { flag, text as word, whole } from '../../../../model/arguments/scalars.ts';
import type { World } from '../inspected.ts';
import { apiHealthcheck, healthcheck, wholeHealthcheck } from '../../values/healthcheck.ts';
import type { ApiHealthcheck, Healthcheck } from '../../values/healthcheck.ts';
import { dictionary } from '../../api/labels.ts';
import { flagged, record } from './attribute.ts';
import type { Attribute, Parsed } from './attribute.ts';

/** When a container starts and ends, and what is kept of it. */
export const lifecycleArgs = {
  restart_policy: z
    .enum(['no', 'always', 'on-failure', 'unless-stopped'])
    .optional()
    .describe('When Docker starts it again.'),
  restart_retries: whole.optional().describe('How often, for `on-failure`.'),
  auto_remove: flag.optional().describe('Docker removes it when it ends.'),
  healthcheck: healthcheck
    .optional()
    .describe(
      "How its health is checked: `test`, `interval`, `timeout`, `start_period`, `retries`; what is not given is the image's.",
    ),
  log_driver: word.optional().describe("Where its output goes, `json-file`; the daemon's where not given."),
  log_options: dictionary.optional().describe("The driver's options; others that are set stay."),
};

export type LifecycleArgs = Parsed<typeof lifecycleArgs>;

interface LogConfig {
  Type?: string;
  Config?: Record<string, string> | null;
}

export const LIFECYCLE: Attribute<LifecycleArgs>[] = [
  {
    arg: 'restart_policy',
    in: 'HostConfig',
    key: 'RestartPolicy',
    kind: 'value',
    api: restartPolicy,
    canon: restartText,
  },
  { arg: 'auto_remove', in: 'HostConfig', key: 'AutoRemove', kind: 'value', canon: flagged },
  {
    arg: 'healthcheck',
    in: 'Config',
    key: 'Healthcheck',
    kind: 'value',
    api: (value: Healthcheck) => apiHealthcheck(value),
    canon: (value: ApiHealthcheck | null, { image }: World) => wholeHealthcheck(value, image?.Healthcheck),
  },
  {
    arg: 'log_driver',
    in: 'HostConfig',
    key: 'LogConfig',
    kind: 'value',
    request: (_driver: string, args) => logRequest(args),
    found: ({ HostConfig }) => (HostConfig.LogConfig as LogConfig | null)?.Type,
    canon: (value) => value ?? '',
  },
  {
    arg: 'log_options',
    in: 'HostConfig',
    key: 'LogConfig',
    kind: 'dictionary',
    more: true,
    request: (_options: object, args) => logRequest(args),
    found: ({ HostConfig }) => (HostConfig.LogConfig as LogConfig | null)?.Config,
    canon: record,
  },
];

function logRequest({ log_driver = '', log_options = {} }: LifecycleArgs) {
  return { HostConfig: { LogConfig: { Type: log_driver, Config: log_options } } };
}

function restartPolicy(name: string, { restart_retries = 0 }: LifecycleArgs): unknown {
  return { Name: name, MaximumRetryCount: name === 'on-failure' ? restart_retries : 0 };
}

function restartText(value: unknown): string {
  const { Name, MaximumRetryCount } = (value ?? {}) as { Name?: string; MaximumRetryCount?: number };
  return `${Name || 'no'}${MaximumRetryCount ? ` ${MaximumRetryCount}` : ''}`;
}

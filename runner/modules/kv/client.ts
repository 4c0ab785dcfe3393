import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { ProbeResult } from '../../model/module.ts';

/** A program that can ask a store, by its command's name. */
export type Client = string;

/** What a probe made by {@link withClient} printed, and by which client; undefined where the host has none of them. */
export type Answer = { client: Client; rc: number; stdout: string; stderr: string } | undefined;

/** Runs the script of the first client that the host has; it prints which one, for {@link answerOf}. */
export function withClient(scripts: readonly [Client, Script][]): Script {
  const branches = scripts.map(
    ([client, script]) =>
      sh`if command -v ${client} >/dev/null 2>&1; then echo ${client}
${script}
el`.text,
  );
  return raw(`${branches.join('')}se echo none; fi`);
}

/** What came of it. */
export function answerOf({ rc, stdout, stderr }: ProbeResult): Answer {
  const end = stdout.indexOf('\n');
  const client = stdout.slice(0, end);
  return client === 'none' ? undefined : { client, rc, stdout: stdout.slice(end + 1), stderr };
}

/** How to reach a store whose certificate is of an authority of its own, or that wants one. Paths on the host. */
export interface Certificates {
  cacert?: string | undefined;
  cert?: string | undefined;
  cert_key?: string | undefined;
}

/** The options of curl that every request has. */
export function curlOptions({ cacert, cert, cert_key }: Certificates): Script {
  return sh`-sS --connect-timeout 5 --max-time 15 ${cacert !== undefined && sh`--cacert ${cacert}`} ${cert !== undefined && sh`--cert ${cert}`} ${cert_key !== undefined && sh`--key ${cert_key}`}`;
}

import { raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { ProbeResult } from '../../model/module.ts';
import { answerOf, curlOptions, withClient } from './client.ts';
import type { Certificates } from './client.ts';
import { below } from './key.ts';
import type { Key, NoAnswer, Writer } from './key.ts';
import { printedJson } from '../shared/json.ts';

/** Where a key of Consul is. */
export interface ConsulKey extends Certificates {
  key: string;
  value?: string | undefined;
  flags?: number | undefined;
  recurse: boolean;
  address: string;
  token_file?: string | undefined;
}

/** The `consul` command comes first: where the server is, it is. */
export function probeConsul(at: ConsulKey): Script {
  const { key, recurse } = at;
  const cli = recurse ? sh`get -keys ${options(at)} ${below(key)}` : sh`get -detailed -base64 ${options(at)} ${key}`;
  return withClient([
    ['consul', sh`consul kv ${cli}`],
    ['curl', curl(at, { query: recurse ? '?keys' : '', words: raw(`-w '\\n%{http_code}\\n'`) })],
  ]);
}

/** Scripts that write and remove the key; the value goes in by stdin, past the process list. */
export function consulWriter(at: ConsulKey): Writer {
  const { key, value = '', flags, recurse } = at;
  const quiet = raw('>/dev/null');
  const fails = raw('-f -o /dev/null');
  return {
    put: (client) =>
      withStdin(
        client === 'curl'
          ? curl(at, {
              query: flags === undefined ? '' : `?flags=${flags}`,
              words: sh`${fails} -X PUT --data-binary @-`,
            })
          : sh`consul kv put ${flags !== undefined && `-flags=${flags}`} ${options(at)} ${key} - ${quiet}`,
        value,
      ),
    remove: (client) =>
      client === 'curl'
        ? curl(at, { query: recurse ? '?recurse' : '', words: sh`${fails} -X DELETE` })
        : sh`consul kv delete ${recurse && '-recurse'} ${options(at)} ${recurse ? below(key) : key} ${quiet}`,
  };
}

function options({ address, cacert, cert, cert_key, token_file }: ConsulKey): Script {
  const given = {
    'http-addr': address,
    'ca-file': cacert,
    'client-cert': cert,
    'client-key': cert_key,
    'token-file': token_file,
  };
  return sh`${Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`-${name}=${value}`]))}`;
}

/** The token reaches curl as its configuration, on a descriptor of its own: in its words everybody could read it. */
function curl(at: ConsulKey, { query, words }: { query: string; words: Script }): Script {
  const { key, recurse, address, token_file } = at;
  const path = (recurse ? below(key) : key).split('/').map(encodeURIComponent).join('/');
  const url = `${address.replace(/\/+$/, '')}/v1/kv/${path}${query}`;
  if (token_file === undefined) return sh`curl ${curlOptions(at)} ${words} ${url}`;
  // A token is one word: anything else could be read as further options.
  return sh`token=$(cat ${token_file}) || exit
case $token in *[!A-Za-z0-9_.:-]*) echo ${`${token_file} holds something else than a token of Consul`} >&2; exit 1 ;; esac
curl ${curlOptions(at)} -K /dev/fd/3 ${words} ${url} 3<<END
header = "X-Consul-Token: $token"
END`;
}

/** The key that a probe shows, or why it shows none. */
export function parseConsul(result: ProbeResult, at: ConsulKey): Key | NoAnswer {
  const answer = answerOf(result);
  if (!answer)
    return {
      trouble: 'this host has neither consul nor curl to ask Consul with',
      missing: true,
      hint: 'Install one by a task before: `package: {name: curl}`.',
    };
  const { client, rc, stdout, stderr } = answer;
  if (client === 'curl') return rc === 0 ? fromHttp(at, stdout) : noAnswer(at, stderr);
  if (/No key exists at/.test(stderr + stdout)) return { below: 0, client };
  if (rc !== 0) return noAnswer(at, stderr || stdout);
  if (at.recurse) return { below: stdout.split('\n').filter(Boolean).length, client };
  const field = (name: string) => new RegExp(`^${name}\\s+(.*)$`, 'm').exec(stdout)?.[1]?.trim();
  if (field('Value') === undefined || (field('Value') ?? '').length % 4 !== 0)
    throw new Error(`consul printed only a part of the key ${at.key}`);
  return { value: decoded(field('Value')), flags: Number(field('Flags') ?? 0), below: 0, client };
}

function fromHttp(at: ConsulKey, stdout: string): Key | NoAnswer {
  const lines = stdout.trimEnd().split('\n');
  const status = Number(lines.pop());
  const body = lines.join('\n').trim();
  if (status === 404) return { below: 0, client: 'curl' };
  if (status !== 200)
    return { ...noAnswer(at, ''), trouble: `Consul refuses: ${body || `status ${status}`}`, missing: false };
  if (at.recurse) return { below: printedJson<string[]>(body, 'Consul').length, client: 'curl' };
  const [found] = printedJson<{ Value?: string | null; Flags?: number }[]>(body, 'Consul');
  return { value: decoded(found?.Value), flags: found?.Flags ?? 0, below: 0, client: 'curl' };
}

const decoded = (base64: string | null | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

function noAnswer({ address }: ConsulKey, said: string): NoAnswer {
  const line = said.trim().split('\n').at(-1) ?? '';
  const refused = /Unexpected response code|Permission denied|ACL/i.test(line);
  return {
    trouble: refused ? `Consul refuses: ${line}` : `Consul does not answer at ${address}${line ? ` (${line})` : ''}`,
    missing: !refused,
    hint: refused ? 'Give a token that may do this: token_file.' : 'Start it by a task before, or give its address.',
  };
}

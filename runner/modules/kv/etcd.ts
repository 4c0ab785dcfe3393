import { raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { ProbeResult } from '../../model/module.ts';
import { answerOf, curlOptions, withClient } from './client.ts';
import type { Certificates } from './client.ts';
import { below } from './key.ts';
import type { Key, NoAnswer, Writer } from './key.ts';
import { printedJson } from '../shared/json.ts';

/** Where a key of etcd is. The API's two versions keep two stores that know nothing of each other. */
export interface EtcdKey extends Certificates {
  key: string;
  value?: string | undefined;
  recurse: boolean;
  endpoints: string[];
  api: number;
}

/** etcdctl is the server's own, so for API 3 it comes first; for API 2 it comes last, for 3.6 has no more of it. */
export function probeEtcd(at: EtcdKey): Script {
  const asks: [string, Script][] = [
    ['etcdctl', etcdctl(at, readWords(at))],
    ['curl', curl(at, readRequest(at))],
  ];
  return withClient(at.api === 3 ? asks : asks.reverse());
}

/** Scripts that write and remove the key; what is written goes in by stdin, past the process list. */
export function etcdWriter(at: EtcdKey): Writer {
  const { key, value = '', recurse, api } = at;
  const remove =
    api === 3
      ? sh`del ${recurse && '--prefix'} -- ${recurse ? below(key) : key}`
      : sh`rm ${recurse && '--recursive'} -- ${key}`;
  return {
    put: (client) =>
      client === 'curl'
        ? withStdin(curl(at, { ...putRequest(at), fails: true }), putBody(at))
        : withStdin(etcdctl(at, api === 3 ? sh`put -- ${key}` : sh`set -- ${key}`, true), value),
    remove: (client) =>
      client === 'curl' ? curl(at, { ...removeRequest(at), fails: true }) : etcdctl(at, remove, true),
  };
}

function etcdctl({ endpoints, api, cacert, cert, cert_key }: EtcdKey, words: Script, quiet = false): Script {
  const list = endpoints.join(',');
  const common =
    api === 3
      ? sh`ETCDCTL_API=3 etcdctl --endpoints=${list} --dial-timeout=5s --command-timeout=10s --write-out=json ${cacert !== undefined && sh`--cacert=${cacert}`} ${cert !== undefined && sh`--cert=${cert}`} ${cert_key !== undefined && sh`--key=${cert_key}`}`
      : sh`ETCDCTL_API=2 etcdctl --endpoints ${list} --timeout 5s --total-timeout 10s --output json ${cacert !== undefined && sh`--ca-file ${cacert}`} ${cert !== undefined && sh`--cert-file ${cert}`} ${cert_key !== undefined && sh`--key-file ${cert_key}`}`;
  return sh`${common} ${words}${quiet && raw(' >/dev/null')}`;
}

function readWords({ key, recurse, api }: EtcdKey): Script {
  if (api === 2) return recurse ? sh`ls --recursive -- ${key}` : sh`get -- ${key}`;
  return recurse ? sh`get --prefix --keys-only -- ${below(key)}` : sh`get -- ${key}`;
}

interface Request {
  path: string;
  method?: string;
  /** What is sent; `stdin` is the script's. */
  body?: string;
  fails?: boolean;
}

/** Asks one endpoint after the other until one answers; the answer's status follows it on a line of its own. */
function curl(at: EtcdKey, { path, method, body, fails }: Request): Script {
  const data = body === undefined ? undefined : body === 'stdin' ? '@-' : body;
  const request = sh`curl ${curlOptions(at)} ${method !== undefined && sh`-X ${method}`} ${data !== undefined && sh`--data ${data}`} ${fails ? raw('-f -o /dev/null') : raw(`-w '\\n%{http_code}\\n'`)}`;
  return sh`${body === 'stdin' && raw('sent=$(cat)\n')}for endpoint in ${at.endpoints}; do
${body === 'stdin' && raw(`printf '%s' "$sent" | `)}${request} "$endpoint"${path} && break
done`;
}

const b64 = (text: string) => Buffer.from(text).toString('base64');
/** The first key after all that begin so: `0` is what follows a slash. */
const end = (key: string) => `${key.replace(/\/+$/, '')}0`;
const v2Path = (key: string) => `/v2/keys/${key.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/')}`;

/** A key, or everything below it, as the JSON gateway of API 3 names them. */
function range({ key, recurse }: EtcdKey): Record<string, string> {
  return recurse ? { key: b64(below(key)), range_end: b64(end(key)) } : { key: b64(key) };
}

function readRequest(at: EtcdKey): Request {
  if (at.api === 2) return { path: v2Path(at.key) };
  return { path: '/v3/kv/range', body: JSON.stringify({ ...range(at), ...(at.recurse && { keys_only: true }) }) };
}

function putRequest({ api, key }: EtcdKey): Request {
  return api === 2 ? { path: v2Path(key), method: 'PUT', body: 'stdin' } : { path: '/v3/kv/put', body: 'stdin' };
}

function putBody({ api, key, value = '' }: EtcdKey): string {
  return api === 2 ? `value=${encodeURIComponent(value)}` : JSON.stringify({ key: b64(key), value: b64(value) });
}

function removeRequest(at: EtcdKey): Request {
  if (at.api === 2) return { path: `${v2Path(at.key)}${at.recurse ? '?recursive=true' : ''}`, method: 'DELETE' };
  return { path: '/v3/kv/deleterange', body: JSON.stringify(range(at)) };
}

/** What etcd's answers hold, of either version, with either client. */
interface Answered {
  kvs?: { value?: string }[];
  count?: number | string;
  node?: { value?: string; dir?: boolean; nodes?: unknown[] };
  errorCode?: number;
  message?: string;
  error?: string;
}

/** The key that a probe shows, or why it shows none. Throws for no output of etcd's. */
export function parseEtcd(result: ProbeResult, at: EtcdKey): Key | NoAnswer {
  const answer = answerOf(result);
  if (!answer)
    return {
      trouble: 'this host has neither etcdctl nor curl to ask etcd with',
      missing: true,
      hint: 'Install one by a task before: `package: {name: etcd-client}`.',
    };
  const { client, rc, stdout, stderr } = answer;
  if (at.api === 2 && /^Error:\s+100:/m.test(stderr)) return { below: 0, client };
  if (at.api === 2 && client === 'etcdctl' && at.recurse && rc === 0)
    return { below: stdout.split('\n').filter(Boolean).length, client };
  if (/: is a directory/.test(stderr))
    return {
      trouble: `${at.key} is a directory`,
      missing: false,
      hint: 'Only `state: absent` with `recurse` takes one.',
    };
  const body = bodyOf(stdout);
  if (body === undefined) return noAnswer(at, rc === 0 ? stdout : stderr);
  if (body.errorCode === 100) return { below: 0, client };
  if (body.errorCode !== undefined || body.error !== undefined)
    return { trouble: `etcd refuses: ${body.message ?? body.error}`, missing: false, hint: 'Its own log says more.' };
  return { ...keyIn(body, at), client };
}

function bodyOf(stdout: string): Answered | undefined {
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  return line === undefined ? undefined : printedJson(line, 'etcd');
}

function keyIn({ kvs, count, node }: Answered, { api }: EtcdKey): Omit<Key, 'client'> {
  if (api === 2) return node?.dir ? { below: node.nodes?.length ?? 0 } : { value: node?.value ?? '', below: 0 };
  const value = kvs?.[0]?.value;
  const found = kvs && kvs.length > 0 ? { value: Buffer.from(value ?? '', 'base64').toString() } : {};
  return { ...found, below: Number(count ?? kvs?.length ?? 0) };
}

function noAnswer({ endpoints, api }: EtcdKey, said: string): NoAnswer {
  const where = endpoints.join(', ');
  if (/404|invalid json|malformed/i.test(said)) {
    const hint =
      api === 2
        ? 'It may run without API 2: start it with --enable-v2 (3.2 to 3.5 have it), or use API 3.'
        : 'Install etcdctl: etcd before 3.4 speaks API 3 to it only.';
    return { trouble: `what is at ${where} does not speak API ${api} of etcd`, missing: false, hint };
  }
  const line =
    said
      .trim()
      .split('\n')
      .findLast((one) => one.trim() !== '') ?? '';
  return {
    trouble: `etcd does not answer at ${where}${line ? ` (${line.trim()})` : ''}`,
    missing: true,
    hint: 'Start it by a task before, or give its addresses as endpoints.',
  };
}

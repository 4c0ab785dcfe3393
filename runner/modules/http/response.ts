import { decoded } from '../path/taken.ts';
import type { ProbeResult } from '../../model/module.ts';
import { COMPLETE } from './tools.ts';

/** What came back. `status` is -1 where no server answered; then `problem` says why. */
export interface HttpResponse {
  status: number;
  /** By lower-case name; several of one name are joined by `, `. */
  headers: Record<string, string>;
  body: Buffer;
  /** After redirects, where the tool reports it. */
  url?: string;
  redirected?: boolean;
  problem?: string;
}

/** What a request's script printed. Throws a plain Error for an answer that was too long to be kept, or did not arrive as a whole. */
export function parseResponse({ stdout, stderr }: ProbeResult): HttpResponse {
  const tool = /^tool=(\w+)\n/.exec(stdout)?.[1];
  const encoded = stdout.replace(/^tool=\w+\n/, '');
  if (encoded.includes('[xrun left out'))
    throw new Error('the answer is longer than 12 MB; get_url writes it to a file');
  const problem = stderr.replace(/^rc=\d+\n?/m, '').trimEnd();
  if (tool === 'none') return nothing('this host has neither curl nor wget');
  if (tool === undefined) throw new Error(`the request was not made: ${problem || 'the shell came to an end'}`);
  const all = decoded(encoded);
  if (!all.subarray(-COMPLETE.length).equals(Buffer.from(COMPLETE)))
    throw new Error(`the answer did not arrive completely${problem && `: ${problem}`}`);
  const answer = all.subarray(0, -COMPLETE.length);
  if (tool === 'curl') return byCurl(answer, problem);
  return tool === 'wget' ? byWget(answer, problem) : byBusybox(answer, problem);
}

function nothing(problem: string): HttpResponse {
  return { status: -1, headers: {}, body: Buffer.alloc(0), problem };
}

/** Heads of all answers, the last one's body, and a line of curl's own. */
function byCurl(answer: Buffer, problem: string): HttpResponse {
  const at = answer.lastIndexOf(10);
  const [code, size, redirects, url = ''] = answer.toString('utf8', at + 1).split(' ');
  if (!Number(code)) return nothing(problem || 'no answer');
  const heads = answer
    .toString('utf8', 0, Number(size))
    .trim()
    .split(/\r?\n\r?\n/);
  return {
    status: Number(code),
    headers: headersOf(heads.at(-1) ?? ''),
    body: answer.subarray(Number(size), at),
    url,
    redirected: Number(redirects) > 0,
    ...(problem && { problem }),
  };
}

/** The last answer's head and body; its body alone where wget does not save heads of failures; of HEAD, remarks. */
function byWget(answer: Buffer, problem: string): HttpResponse {
  const end = answer.indexOf('\r\n\r\n');
  const head = end < 0 ? '' : answer.toString('utf8', 0, end);
  const status = /^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? /ERROR (\d{3})/.exec(problem)?.[1];
  if (status === undefined) return byBusybox(answer, problem);
  return {
    status: Number(status),
    headers: headersOf(head),
    body: head.startsWith('HTTP/') ? answer.subarray(end + 4) : answer,
  };
}

/** The body, if all went well; heads, each line behind two blanks, are among its remarks. */
function byBusybox(body: Buffer, remarks: string): HttpResponse {
  const heads = remarks.split(/^(?= {2}HTTP\/)/m).slice(remarks.startsWith('  HTTP/') ? 0 : 1);
  const last = heads.at(-1) ?? '';
  const status = /server returned error: HTTP\/\S+ (\d+)/.exec(remarks)?.[1] ?? /^ {2}HTTP\/\S+ (\d+)/.exec(last)?.[1];
  if (status === undefined) return nothing(remarks.trim() || 'no answer');
  const lines = last
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.slice(2));
  return { status: Number(status), headers: headersOf(lines.join('\n')), body, redirected: heads.length > 1 };
}

function headersOf(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [, name = '', value = ''] of head.matchAll(/^([^:\s]+):[ \t]*(.*?)\r?$/gm)) {
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return headers;
}

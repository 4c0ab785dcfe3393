import { createWriteStream, existsSync, mkdirSync, renameSync, createReadStream } from 'node:fs';
import { createServer, get } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * An HTTP proxy through which the lab's hosts, which have no way out, reach the Debian mirrors of this machine's apt, and
 * nothing else. What has been fetched is kept in a directory: the second host, and the next role, get it from there.
 */
export function startMirror(address: string, directory: string): Promise<{ url: string; server: Server }> {
  mkdirSync(directory, { recursive: true });
  const server = createServer((request, response) => {
    serve(request, response, directory).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      const at = server.address();
      const port = typeof at === 'object' && at ? at.port : 0;
      resolve({ url: `http://${address}:${port}`, server });
    });
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, directory: string): Promise<void> {
  const { method, url = '' } = request;
  const from = URL.canParse(url) ? new URL(url) : undefined;
  if (method !== 'GET' || from?.protocol !== 'http:' || !from.hostname.endsWith('.debian.org')) {
    response.writeHead(403).end();
    return;
  }
  const file = join(directory, encodeURIComponent(from.href).slice(-200));
  if (!existsSync(file)) {
    const status = await fetchTo(from, file);
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
  }
  response.writeHead(200);
  await pipeline(createReadStream(file), response);
}

/** Fetches an address to a file, which is there only when it is whole; returns the status. */
async function fetchTo(from: URL, file: string): Promise<number> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(from, resolve).once('error', reject));
  const status = answer.statusCode ?? 502;
  if (status !== 200) {
    answer.resume();
    return status;
  }
  const partial = `${file}.${randomUUID().slice(0, 8)}`;
  await pipeline(answer, createWriteStream(partial));
  renameSync(partial, file);
  return status;
}

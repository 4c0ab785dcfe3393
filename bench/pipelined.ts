/**
 * The least that a controller in Node can do: ssh2, one connection and one shell a host, all tasks sent at once, each with
 * its own exit status and output; a large file by SFTP in parallel chunks. It knows nothing of playbooks. Arguments: WORKLOAD ROOT HOSTS KEY KNOWN_HOSTS FORKS.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import ssh2 from 'ssh2';
import { largeFile, SCRIPT_FUNCTIONS, scriptTasks } from './workload.ts';
import type { Workload } from './workload.ts';

const [workload, root, hostsFile, keyFile, knownHosts, forks] = process.argv.slice(2) as [
  Workload,
  string,
  string,
  string,
  string,
  string,
];
const privateKey = readFileSync(keyFile);
const keys = new Map(
  readFileSync(knownHosts, 'utf8')
    .split('\n')
    .map((line) => [line.split(' ')[0], line.split(' ')[2]] as const),
);
const user = process.env.USER ?? process.env.LOGNAME ?? 'root';

interface TaskEnd {
  rc: number;
  output: string;
}

async function logIn(address: string, port: number): Promise<ssh2.Client> {
  const sock = connect(port, address);
  sock.setNoDelay(true);
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject);
    client.connect({
      sock,
      username: user,
      privateKey,
      hostVerifier: (key: Buffer) => key.toString('base64') === keys.get(`[${address}]:${port}`),
    });
  });
  return client;
}

async function send(host: string, address: string, port: number): Promise<void> {
  const client = await logIn(address, port);
  await new Promise<void>((resolve, reject) => {
    client.sftp((error, sftp) =>
      error
        ? reject(error)
        : sftp.fastPut(largeFile(root), `${root}/${host}`, (failed) => (failed ? reject(failed) : resolve())),
    );
  });
  client.end();
}

async function runOn(host: string, address: string, port: number): Promise<TaskEnd[]> {
  const client = await logIn(address, port);
  const marker = randomBytes(16).toString('hex');
  const tasks = scriptTasks(workload).map((task) => `( ${task} ) 2>&1 </dev/null\necho "${marker} $?"\n`);
  const output = await new Promise<string>((resolve, reject) => {
    client.exec('exec /bin/sh', (error, channel) => {
      if (error) return reject(error);
      let text = '';
      channel.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('close', () => resolve(text));
      channel.stderr.resume();
      channel.end(`h=${host} root=${root}\nd="$root/$h"\n${SCRIPT_FUNCTIONS}${tasks.join('')}`);
    });
  });
  client.end();
  return output
    .split(new RegExp(`${marker} (\\d+)\n`))
    .reduce<TaskEnd[]>(
      (ends, part, i, parts) => (i % 2 === 1 ? [...ends, { rc: Number(part), output: parts[i - 1]! }] : ends),
      [],
    );
}

const waiting = readFileSync(hostsFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [string, string, string]);
let bad = 0;
const worker = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [host, address, port] = next;
    if (workload === 'large') {
      await send(host, address, Number(port));
      continue;
    }
    const ends = await runOn(host, address, Number(port));
    bad += Math.abs(scriptTasks(workload).length - ends.filter((end) => end.rc === 0).length);
    process.stdout.write(
      `${host} ${ends.map((end) => `${end.rc}:${end.output.trim().split('\n').at(-1)}`).join(' ')}\n`,
    );
  }
};
await Promise.all(Array.from({ length: Number(forks) }, worker));
process.exitCode = bad === 0 ? 0 : 1;

import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/** A command of the controller's whose standard input and output are the connection (ProxyCommand). */
export function proxyCommand(command: string): Duplex {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.on('error', (error) => stream.destroy(error));
  stream.on('close', () => child.kill());
  return stream;
}

import type { HostShell } from '../../runner/model/transport/host-shell.ts';

/** The content of a file on the host, in one piece. */
export async function get(shell: HostShell, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { rc, stderr } = await shell.get(path, (chunk) => chunks.push(chunk));
  if (rc !== 0) throw new Error(`${path}: ${stderr.toString()}`);
  return Buffer.concat(chunks);
}

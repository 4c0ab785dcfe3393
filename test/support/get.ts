import type { HostShell } from '../../runner/shell/host-shell.ts';

/** The content of a file on the host, in one piece. */
export async function get(shell: HostShell, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await shell.get(path, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

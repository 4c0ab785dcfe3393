import { Socket } from 'node:net';
import { XrunError } from '../../../diagnostics/errors.ts';

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  EHOSTDOWN: 'the host is down',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the name cannot be resolved',
  EAI_AGAIN: 'the name cannot be resolved: no answer from the name server',
};

/** A TCP connection without delay, and the error listener that it needs for all its life. Rejects with E_UNREACHABLE. */
export function dial(host: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  const socket = new Socket();
  socket.setNoDelay(true);
  return new Promise<Socket>((resolve, reject) => {
    // Who gave up waiting for the connection must not cut it once it is there.
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    const fail = (why: string, cause?: unknown): void => {
      settle();
      socket.destroy();
      reject(new XrunError('E_UNREACHABLE', `${where(host, port)}: ${why}`, { cause }));
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    const cancel = (): void => fail('cancelled');
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    socket.on('error', (error) => fail(reason(error), error));
    socket.connect({ host, port, autoSelectFamily: true }, () => {
      settle();
      resolve(socket);
    });
  });
}

/** `web1 port 22`, as messages name a place. */
export function where(host: string, port: number): string {
  return `${host} port ${port}`;
}

/** A network error in words; several addresses of one name may have failed, each in its way. */
export function reason(error: Error): string {
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return [...new Set(errors.map(one))].join('; ');
}

function one(error: Error & { code?: string; address?: string }): string {
  const words = REASONS[error.code ?? ''] ?? error.message;
  return error.address === undefined ? words : `${words} (${error.address})`;
}

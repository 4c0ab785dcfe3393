import type { ChannelEnd } from '../../model/transport/transport.ts';
import type { Captured } from './captured.ts';

/** Why a command has no outcome: its channel or its shell ended while it ran. */
export function lostMessage(end: ChannelEnd): string {
  if (end.kind === 'lost') return end.message;
  return `the shell on the host ended (${how(end)}) while the command ran`;
}

function how(end: Exclude<ChannelEnd, { kind: 'lost' }>): string {
  return end.kind === 'exit' ? `exit status ${end.code}` : `signal ${end.signal}`;
}

/** Why no shell began, with what the login shell said instead. */
export function noShell(end: ChannelEnd, banner: Captured): string {
  if (end.kind === 'lost') return end.message;
  const text = banner.toBuffer().toString().trim();
  return `the login shell ended (${how(end)}) instead of starting sh${text ? `; it said: ${text}` : ''}`;
}

import { API_VERSION } from '../api-version.ts';
import type { Stamp } from '../api-version.ts';
import type { Transport } from './transport.ts';

/** A way to hosts that the variable `xrun_connection` chooses by its name. */
export interface TransportDefinition extends Transport, Stamp<'transport'> {
  name: string;
  summary: string;
}

/** Returns the transport with the version of the API that it is written for. */
export function defineTransport(transport: TransportDefinition): TransportDefinition {
  return { kind: 'transport', api: API_VERSION, ...transport };
}

// The public entry point `xrun/transport`: how bytes get to a host and back.
export { API_VERSION } from '../api-version.ts';
export type { Channel, ChannelEnd, Connection, Target, Transport } from '../transport/transport.ts';
export { defineTransport } from '../transport/define.ts';
export type { TransportDefinition } from '../transport/define.ts';
export { LocalTransport } from '../transport/local.ts';

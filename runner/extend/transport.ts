// The public entry point `xrun/transport`: how bytes get to a host and back.
export { API_VERSION } from '../model/api-version.ts';
export type { Channel, ChannelEnd, Connection, Target, Transport } from '../model/transport/transport.ts';
export { defineTransport } from '../model/transport/transport-definition.ts';
export type { TransportDefinition } from '../model/transport/transport-definition.ts';
export { LocalTransport } from '../connection/transports/local.ts';

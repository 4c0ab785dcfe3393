/** The polynomial of POSIX `cksum`, the CRC-32 of Ethernet, most significant bit first. */
const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x80000000 ? POLYNOMIAL : 0);
  return crc;
});

/** What POSIX `cksum` prints first of these bytes: a CRC of them and of their number. */
export function cksum(bytes: Uint8Array): number {
  let crc = 0;
  const add = (byte: number) => (crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] as number));
  for (const byte of bytes) add(byte);
  for (let left = bytes.length; left > 0; left = Math.floor(left / 256)) add(left & 0xff);
  return ~crc >>> 0;
}

// CRC-32C bit by bit, on purpose another way than the product's own: both must come to the same.

export function checksum(bytes: Uint8Array): string {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return String(crc ^ 0xffffffffn);
}

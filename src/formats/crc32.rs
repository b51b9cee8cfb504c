//! CRC-32, the checksum of gzip, zip and PNG (RFC 1952, section 8).
//!
//! The bits of all bytes are the coefficients of one long polynomial, beginning with the lowest bit
//! of the first byte. The checksum is the remainder when this polynomial, times x³², is divided by
//! x³² + x²⁶ + x²³ + … + 1. At the start and at the end, all bits of the remainder are inverted.

use std::sync::LazyLock;

/// The CRC-32 of all bytes.
///
/// ```
/// assert_eq!(from_zero::formats::crc32::crc32(b"123456789"), 0xcbf43926);
/// ```
pub fn crc32(bytes: &[u8]) -> u32 {
    let tables = &*TABLES;
    let mut crc = !0_u32;
    let (eights, rest) = bytes.as_chunks::<8>();
    for eight in eights {
        // The first four bytes are XORed with those of the checksum before.
        let bits = u64::from_le_bytes(*eight) ^ u64::from(crc);
        let bytes = bits.to_le_bytes().into_iter().zip(tables.iter().rev());
        crc = bytes.fold(0, |crc, (byte, table)| crc ^ table[usize::from(byte)]);
    }
    for &byte in rest {
        crc = (crc >> 8) ^ tables[0][usize::from(crc as u8 ^ byte)];
    }
    !crc
}

/// `TABLES[k][b]`: the remainder that the byte b leaves after k more bytes of zeros. `TABLES[0]`
/// would be enough, but then the checksum would take half as long as decompression.
static TABLES: LazyLock<[[u32; 256]; 8]> = LazyLock::new(|| {
    let mut tables = [[0; 256]; 8];
    tables[0] = std::array::from_fn(|byte| {
        let mut crc = byte as u32;
        for _ in 0..8 {
            // The divisor without x³². The coefficient of x³¹ is the lowest bit.
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
        }
        crc
    });
    for k in 1..8 {
        tables[k] = tables[k - 1].map(|crc| (crc >> 8) ^ tables[0][(crc & 0xff) as usize]);
    }
    tables
});

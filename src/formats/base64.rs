//! Base64 (RFC 4648, section 4): bytes as text, for data within a web page.
//!
//! ```text
//! three bytes   aaaaaaaa bbbbbbbb cccccccc      become   aaaaaa aabbbb bbbbcc cccccc
//! two bytes     aaaaaaaa bbbbbbbb               become   aaaaaa aabbbb bbbb00 =
//! one byte      aaaaaaaa                        becomes  aaaaaa aa0000 =      =
//! ```

/// Encodes bytes, without line breaks.
///
/// ```
/// assert_eq!(from_zero::formats::base64::encode(b"fooba"), "Zm9vYmE=");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let six = (bits >> (18 - 6 * i)) & 63;
            let character = if i <= three.len() { ALPHABET[six as usize] } else { b'=' };
            text.push(char::from(character));
        }
    }
    text
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Primes below it are sieved out. Deeper where a test costs more.
pub const fn sieve_bound(bits: u32) -> u32 {
    match bits {
        ..1024 => 1 << 16,
        1024..2048 => 1 << 18,
        2048..4096 => 1 << 20,
        _ => 1 << 23,
    }
}

/// Tests of candidates until a prime of `bits` bits is found: one number in `bits * ln 2` is prime, and the sieve leaves
/// e^-gamma / ln(bound) of all numbers (Mertens).
pub fn expected_tests(bits: u32) -> f64 {
    const E_TO_MINUS_GAMMA: f64 = 0.561_459;
    f64::from(bits) * std::f64::consts::LN_2 * E_TO_MINUS_GAMMA / f64::from(sieve_bound(bits)).ln()
}

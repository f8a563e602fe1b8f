#![allow(missing_docs)]
use signet_keygen::measure as m;
use std::time::Instant;
fn main() {
    for bits in [1024u32, 2048, 4096] {
        for k in m::kernels() {
            let t = Instant::now();
            let n = m::filter(k, bits, 32);
            let f = t.elapsed().as_secs_f64() / n as f64;
            let t = Instant::now();
            m::rounds(k, bits);
            let r = t.elapsed().as_secs_f64();
            let t = Instant::now();
            m::sieve(bits);
            let s = t.elapsed().as_secs_f64();
            let t = Instant::now();
            let reps = if bits > 2048 { 3 } else { 20 };
            for seed in 0..reps {
                m::generate(bits * 2, seed, std::num::NonZero::new(1).unwrap(), k).ok().unwrap();
            }
            let g = t.elapsed().as_secs_f64() / reps as f64;
            println!(
                "{bits} {k} test {:.3} ms rounds {:.2} ms sieve {:.2} ms model-without-finish {:.1} gen {:.1} ms",
                f * 1e3,
                r * 1e3,
                s * 1e3,
                (2.0 * m::expected_tests(bits) * f + r + s) * 1e3,
                g * 1e3
            );
        }
    }
}

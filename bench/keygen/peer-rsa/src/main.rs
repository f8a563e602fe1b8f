//! `peer-rsa keys BITS COUNT`: what the `rsa` crate needs for a key, CPU seconds as a line of JSON each. `peer-rsa modexp PRIME-BITS COUNT`: the
//! mean of so many modular exponentiations of the crate below it.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd, RandomBits};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::PrivateKey;
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, bits, count] = &arguments[..] else { panic!("expected keys|modexp BITS COUNT") };
    let (bits, count): (u32, u32) = (bits.parse().expect("bits"), count.parse().expect("a count"));
    let mut rng = UnwrapErr(SysRng);
    match what.as_str() {
        "keys" => {
            for _ in 0..count {
                timed(1, || {
                    std::hint::black_box(PrivateKey::new(&mut rng, bits as usize).expect("a key"));
                });
            }
        }
        "modexp" => {
            let modulus = BoxedUint::random_bits(&mut rng, bits) | BoxedUint::one_with_precision(bits);
            let parameters = BoxedMontyParams::new(Odd::new(modulus.clone()).expect("odd"));
            let base = BoxedMontyForm::new(BoxedUint::random_bits(&mut rng, bits - 1), &parameters);
            timed(count, || {
                std::hint::black_box(base.pow(&modulus));
            });
        }
        _ => panic!("{what}: expected keys or modexp"),
    }
}

fn timed(times: u32, mut work: impl FnMut()) {
    let start = cpu();
    for _ in 0..times {
        work();
    }
    println!("{{\"cpu\":{}}}", (cpu() - start) / f64::from(times));
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
